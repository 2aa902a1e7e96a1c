// A new passkey shows in the list; the page offers recovery codes with it.
document.addEventListener("otp_webauthn.register_complete", () => location.reload());
