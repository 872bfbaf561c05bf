"""A fake of the parts of Azure that the online rules ask, spoken to over the wire under Azure's own names.

    with FakeAzure(latency=0.05) as azure:
        contoso = azure.tenant("contoso")
        vault = contoso.vault("kv-contoso", rbac=True, default_action="Deny", bypass="AzureServices")
        vault.secret("pat", expires=30)
        project = contoso.project("web-team")
        contoso.assign(project.identity, SECRETS_USER, vault)
        verifier = contoso.application("verifier")
        contoso.assign(verifier, VAULT_READER, vault)
        azure.fault("answer", "*.vault.azure.net", response=throttled(1), times=1)
        lint(folder, "check", "--online", **azure.environment(verifier))
        assert not [one for one in azure.requests if one.method != "GET"]

``environment`` gives the variables of a proxy and of an application that signs in with a secret, ``federated`` with a
workload identity's token, ``command_line`` a PATH with an ``az`` by which a user is signed in, and ``direct`` an
environment without a proxy, in which names resolve to the fake.
"""

from fake_azure.fake import FakeAzure

__all__ = ["FakeAzure"]
