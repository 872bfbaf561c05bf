"""What only Azure knows: vaults, secrets, roles, firewalls, images, with the command that repairs them."""
