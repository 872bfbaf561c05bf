"""Files of other products that carry our names, or keys like ours."""

from __future__ import annotations

from customization.look_alikes_in_automation import AUTOMATION

LOOK_ALIKES = {
    **AUTOMATION,
    "winget package manifest": """\
# yaml-language-server: $schema=https://aka.ms/winget-manifest.installer.1.6.0.schema.json
PackageIdentifier: Contoso.Tool
PackageVersion: 1.2.3
InstallerType: wix
Installers:
  - Architecture: x64
    InstallerUrl: https://contoso.com/tool.msi
ManifestType: installer
ManifestVersion: 1.6.0
""",
    "azure template": """\
$schema: https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#
contentVersion: 1.0.0.0
resources:
  - type: Microsoft.Storage/storageAccounts
    apiVersion: "2023-01-01"
    name: logs
    properties: {}
""",
    "bicep output with symbolic names": """\
languageVersion: "2.0"
resources:
  vault:
    type: Microsoft.KeyVault/vaults
    apiVersion: "2023-07-01"
    name: secrets
""",
    "deployment manager": """\
imports:
  - path: vm.jinja
resources:
  - name: vm
    type: gcp-types/compute-v1:instances
    properties: {zone: europe-west1-b}
""",
    "kubernetes definition with such keys": """\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: settings.contoso.com}
spec:
  schema:
    properties:
      configurationVersion: {type: string}
      resources: {type: array}
""",
    "json schema with such keys": """\
type: object
properties:
  configurationVersion: {type: string}
  resources:
    type: array
    items: {properties: {resource: {type: string}}}
""",
    "java settings": """\
server: {port: 8080}
properties:
  version: 0.2.0
  resources: [classpath:a, classpath:b]
""",
    "gateway routes": """\
resources:
  - resource: shop/cart
    methods: [GET]
""",
    "environment definition": """\
name: WebApp
version: 1.0.0
summary: Azure Web App Environment
description: Deploys a web app in Azure
runner: Bicep
templatePath: main.bicep
parameters:
  - id: name
    name: Name
    type: string
    required: true
""",
    "environment definition of terraform": "name: Sandbox\ndescription: A sandbox\ntemplatePath: main.tf\n",
    "nix devbox": """\
name: rust
packages: [rustup@latest, git]
env: {RUST_LOG: debug}
shell: {init_hook: ["rustc --version"]}
""",
    "container devbox with tasks": "name: api\nimage: {name: node, tag: 22}\ntasks:\n  - name: build\n",
    "namespace devbox": """\
name: windows-sandbox-dev
image: warp/windows-sandbox-dev
size: l
volume_size_gb: 200
repository: https://github.com/warp/sandbox
""",
    "devbox of a reverse proxy": """\
project: shop
resources: {memory: 3G}
apps:
  web: {cmd: npm run dev, ports: [web], sync: .}
scripts: {test: npm test}
""",
    "vagrant settings": """\
---
ip: 192.168.10.10
memory: 4096
folders: [{map: ~/code, to: /srv}]
sites: [{map: a.test, to: /srv/a}]
""",
    "lima machine": """\
cpus: 2
memory: 2GiB
base: [template:_images/debian-13]
provision: [{mode: system, script: "apt-get update"}]
""",
    "gitpod": """\
image: gitpod/workspace-full
tasks:
  - name: Server
    init: npm install
    command: npm run dev
ports: [{port: 3000}]
""",
    "pre-commit": "repos:\n  - repo: https://github.com/a/b\n    rev: v1\n    hooks: [{id: ruff, name: ruff}]\n",
    "rasa and crewai tasks": """\
research_task:
  description: Research {topic}
  expected_output: A list
  agent: researcher
""",
    "robocorp robot": "tasks:\n  Default: {command: [python, -m, robot]}\ncondaConfigFile: conda.yaml\n",
    "databricks job": """\
name: nightly
tasks:
  - task_key: load
    notebook_task: {notebook_path: /load}
  - task_key: report
    depends_on: [{task_key: load}]
""",
    "kestra flow": """\
id: hello
namespace: company.team
tasks:
  - id: hello
    type: io.kestra.plugin.scripts.shell.Commands
    commands: [echo hello]
""",
    "visual studio code tasks": """\
version: 2.0.0
tasks:
  - {label: build, type: shell, command: "dotnet build", group: build}
""",
    "to-do list": "tasks:\n  - name: Buy milk\n    description: Two litres\n    status: open\n",
    "benchmark workload": """\
name: ycsb-a
description: Half reads, half writes
tasks:
  - name: load
    type: insert
    threads: 8
  - name: run
    type: mixed
    threads: 16
""",
    "skypilot task": """\
name: train
resources: {accelerators: A100:8}
workdir: .
setup: pip install -r requirements.txt
run: python train.py
""",
    "dstack task": """\
type: task
name: train
image: nvcr.io/nvidia/pytorch
commands: [python train.py]
resources: {gpu: 24GB}
""",
    "spread task": """\
summary: Check that snap works
systems: [ubuntu-22.04-64]
prepare: |
  snap install x
execute: |
  snap list
""",
    "terminal-bench task": """\
instruction: |
  Write a script.
author_name: A
author_email: a@example.com
difficulty: easy
parser_name: pytest
max_agent_timeout_sec: 300
""",
    "language model evaluation task": """\
task: arc_easy
dataset_path: allenai/ai2_arc
output_type: multiple_choice
doc_to_text: '{{question}}'
""",
    "stackstorm action": """\
name: restart
pack: windows
description: Restarts a service
runner_type: winrm-ps-script
entry_point: restart.ps1
parameters:
  service: {type: string, description: Which, required: true}
""",
    "systems manager document": """\
schemaVersion: '2.2'
description: Runs a script
parameters:
  Script: {type: String, default: Get-Process}
mainSteps: [{action: aws:runPowerShellScript, name: run, inputs: {runCommand: ['{{ Script }}']}}]
""",
    "cloudformation": """\
Description: A box
Parameters:
  Ami: {Type: String, Default: x}
Resources:
  V: {Type: 'AWS::EC2::VPC'}
""",
    "grading course task": """\
accessible: true
author: ''
environment: mcq
name: default
problems: {}
weight: 1.0
""",
    "scheduled command": "name: nightly\ncommand: python report.py\nschedule: 0 1 * * *\ncwd: /srv\n",
    "container command": "name: worker\ncommand: [python, worker.py]\nargs: [--fast]\nrestart: always\n",
    "agent workflow": """\
enact: 1.0.0
id: GetPrice
description: Gets a price
inputs:
  ticker: {type: string, description: The symbol}
tasks: [{id: fetch, type: script, language: python, code: print(1)}]
outputs: {price: {type: number}}
""",
    "helm values": "name: web\nimage: {repository: nginx, tag: '1.27'}\nparameters: {}\nreplicas: 2\n",
    "broken template of another tool": """\
{% if windows %}
name: {{ name }}
command: {{ command }}
{% endif %}
steps:
  - [
""",
    "broken kubernetes file": "apiVersion: v1\nkind: Pod\nmetadata:\n  name: 'x\nspec:\n  containers: [\n",
    "one line of text": "Initial commit\n",
    "list of words": "- one\n- two\n",
}

#: Those that only their name could make ours, so that the strong name wins.
HARMLESS_UNDER_ANY_NAME = (
    "environment definition",
    "ansible play",
    "tekton task",
    "tanzu workload",
    "github workflow",
    "azure pipeline",
    "concourse task",
    "docker compose",
    "pre-commit",
    "nix devbox",
)
