"""What no app owns: mail, signed tokens, recurring work, redaction. Imports no app of the site."""
