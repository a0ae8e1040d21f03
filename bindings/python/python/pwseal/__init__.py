"""Encrypt a password for the SailPoint Password Management API, without a network."""

from ._pwseal import Error, PasswordInfo, PasswordInfoAccount, PublicKey

__all__ = ["Error", "PasswordInfo", "PasswordInfoAccount", "PublicKey"]
