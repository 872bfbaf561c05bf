"""Rules that ask Azure: vaults, secrets, roles, images, tasks and repositories."""
