"""The only code that talks to Azure: a few typed calls on Microsoft's own pipeline, and what they are asked for.

It needs the extra ``azure``: azure-identity and azure-core. The management clients are left out on purpose: they
weigh 48 MB, take a third of a second to import, and have no call for a project's images or for validating tasks.
"""
