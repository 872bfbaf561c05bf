"""What only Azure knows: vaults, secrets, roles, images, service principals, with the command that repairs them."""
