"""What no app owns: tools of several apps. It has no models of its own and knows none of ours."""
