"""The second factor: an app's codes, passkeys and recovery codes, by allauth.mfa in our words and on our pages."""
