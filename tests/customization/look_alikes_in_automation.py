"""Files of build servers, cluster tools and task runners that carry our names, or keys like ours."""

from __future__ import annotations

AUTOMATION = {
    "ansible play": """\
- name: Set up the development box
  hosts: all
  become: true
  roles: [common]
  tasks:
    - name: Install Git
      win_chocolatey: {name: git, state: present}
""",
    "ansible task list": """\
---
- name: install a package
  ansible.builtin.package:
    name: vsftpd
    state: present
- name: run a command
  command: /usr/bin/make install
""",
    "ansible task list for windows": """\
- name: Run a script
  win_powershell:
    script: Get-Service
    parameters:
      Name: winrm
""",
    "taskfile": """\
version: '3'
tasks:
  build:
    desc: Build
    cmds: [go build ./...]
  default: {deps: [build]}
""",
    "tekton task": """\
apiVersion: tekton.dev/v1
kind: Task
metadata: {name: build}
spec:
  params: [{name: url, type: string}]
  steps: [{name: build, image: golang, command: [go, build]}]
""",
    "tanzu workload": """\
apiVersion: carto.run/v1alpha1
kind: Workload
metadata:
  name: petclinic
  labels: {apps.tanzu.vmware.com/workload-type: web}
spec:
  source: {git: {url: https://github.com/x/y, ref: {branch: main}}}
""",
    "score workload": """\
apiVersion: score.dev/v1b1
metadata: {name: hello}
containers:
  hello: {image: busybox, command: [/bin/sh]}
""",
    "sealos devbox": "apiVersion: devbox.sealos.io/v1alpha1\nkind: Devbox\nmetadata: {name: d}\nspec: {image: x}\n",
    "github workflow": """\
name: ci
on: [push]
jobs:
  build:
    runs-on: windows-latest
    steps:
      - name: Install
        run: winget install Git.Git
""",
    "composite action": """\
name: Set up
description: Sets up the tools
author: us
inputs:
  version: {description: Which, required: true, default: '1'}
runs:
  using: composite
  steps: [{run: ./install.ps1, shell: pwsh}]
""",
    "azure pipeline": """\
trigger: [main]
pool: {vmImage: windows-latest}
parameters:
  - name: version
    type: string
    default: '1'
steps:
  - task: PowerShell@2
    displayName: Install
    inputs: {targetType: inline, script: Write-Host hello}
""",
    "azure pipeline template": """\
parameters:
  - {name: package, type: string, default: Git.Git}
steps:
  - powershell: winget install ${{ parameters.package }}
    displayName: Install
""",
    "concourse task": """\
platform: linux
image_resource: {type: registry-image, source: {repository: golang}}
inputs: [{name: source}]
params: {GOFLAGS: -mod=vendor}
run: {path: sh, args: [-c, go test ./...]}
""",
    "acr task": """\
version: v1.1.0
steps:
  - build: -t $Registry/app:$ID .
  - push: [$Registry/app:$ID]
""",
    "azure machine learning job": """\
$schema: https://azuremlschemas.azureedge.net/latest/commandJob.schema.json
name: train
description: Trains a model
command: python train.py --data ${{inputs.data}}
inputs:
  data: {type: uri_folder, path: azureml:data@latest}
environment: azureml:sklearn@latest
compute: azureml:cpu-cluster
""",
    "azure machine learning component": """\
$schema: https://azuremlschemas.azureedge.net/latest/commandComponent.schema.json
name: prepare
version: 1
type: command
inputs:
  rate: {type: number, default: 0.1}
command: powershell ./prepare.ps1 ${{inputs.rate}}
""",
    "docker compose": """\
name: app
services:
  web:
    image: nginx
    command: nginx -g 'daemon off;'
""",
}
