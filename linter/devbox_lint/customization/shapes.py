"""What the JSON Schemas in `schemas` assert: types and keys. Written by docs/write_shapes.py from them."""

from __future__ import annotations

from typing import Any

# fmt: off
SHAPES: dict[str, dict[str, Any]] = {
    "imagedefinition": {
        "additionalProperties": False,
        "type": "object",
        "properties": {
            "$schema": {"type": ["string", "number"]},
            "name": {"type": "string"},
            "description": {"type": "string"},
            "image": {"type": "string"},
            "parameters": {"additionalProperties": {"$ref": "#/$defs/parameter"}, "type": "object"},
            "variables": {"additionalProperties": {"$ref": "#/$defs/variable"}, "type": "object"},
            "tasks": {"items": {"$ref": "#/$defs/task"}, "type": "array"},
            "userTasks": {"items": {"$ref": "#/$defs/task"}, "type": "array"},
            "buildProperties": {
                "additionalProperties": False,
                "type": "object",
                "properties": {
                    "networkConnection": {"type": "string"},
                },
            },
            "extends": {
                "type": "object",
                "properties": {
                    "imageDefinition": {"type": "string"},
                    "parameters": {"additionalProperties": {"type": ["string", "number", "boolean"]}, "type": "object"},
                },
            },
            "setupTasks": {"items": {"$ref": "#/$defs/task"}, "type": "array"},
            "hostInformation": {"type": "string"},
            "supportsHibernation": {"type": "boolean"},
        },
        "$defs": {
            "task": {
                "additionalProperties": False,
                "type": "object",
                "properties": {
                    "name": {"type": "string"},
                    "displayName": {"type": "string"},
                    "description": {"type": "string"},
                    "parameters": {"additionalProperties": {"type": ["string", "number", "boolean"]}, "type": "object"},
                    "timeout": {"type": "integer"},
                    "condition": {"type": "string"},
                    "task": {"type": "string"},
                    "inputs": {"additionalProperties": {"type": ["string", "number", "boolean"]}, "type": "object"},
                },
            },
            "parameter": {
                "additionalProperties": False,
                "type": "object",
                "properties": {
                    "type": {"type": "string"},
                    "default": {"type": ["string", "number", "boolean"]},
                    "allowed": {"items": {"type": ["string", "number", "boolean"]}, "type": "array"},
                    "description": {"type": "string"},
                    "validationRegex": {"type": "string"},
                    "minLength": {"type": "integer"},
                    "maxLength": {"type": "integer"},
                    "required": {"type": "boolean"},
                    "defaultValue": {"type": ["string", "number", "boolean"]},
                    "allowedValues": {"items": {"type": ["string", "number", "boolean"]}, "type": "array"},
                },
            },
            "variable": {
                "additionalProperties": False,
                "type": "object",
                "properties": {
                    "type": {"type": "string"},
                    "value": {"type": ["string", "number", "boolean"]},
                    "description": {"type": "string"},
                },
            },
            "wingetParameters": {
                "additionalProperties": {
                    "type": ["string", "number", "boolean"],
                },
                "type": "object",
                "properties": {
                    "package": {"type": "string"},
                    "version": {"type": "string"},
                    "configurationFile": {"type": "string"},
                    "downloadUrl": {"type": "string"},
                    "inlineConfigurationBase64": {"type": "string"},
                },
            },
            "powershellParameters": {
                "additionalProperties": {
                    "type": ["string", "number", "boolean"],
                },
                "type": "object",
                "properties": {
                    "command": {"type": "string"},
                    "workingDirectory": {"type": "string"},
                    "script": {"type": "string"},
                    "scriptArgs": {"type": "string"},
                    "scriptExecutionPolicy": {"type": "string"},
                },
            },
            "gitcloneParameters": {
                "additionalProperties": {
                    "type": ["string", "number", "boolean"],
                },
                "type": "object",
                "properties": {
                    "repositoryUrl": {"type": "string"},
                    "directory": {"type": "string"},
                    "branch": {"type": "string"},
                    "pat": {"type": "string"},
                },
            },
        },
    },
    "task": {
        "additionalProperties": False,
        "type": "object",
        "properties": {
            "$schema": {"type": ["string", "number"]},
            "name": {"type": "string"},
            "description": {"type": "string"},
            "author": {"type": "string"},
            "issueNotificationEmail": {"type": "string"},
            "documentationURL": {"type": "string"},
            "licenseURL": {"type": "string"},
            "keywords": {"items": {"type": "string"}, "type": "array"},
            "command": {"type": "string"},
            "parameters": {"additionalProperties": {"$ref": "#/$defs/parameter"}, "type": "object"},
            "timeout": {"type": "integer"},
            "rebootRequired": {"type": "boolean"},
            "documentation": {
                "additionalProperties": False,
                "type": "object",
                "properties": {
                    "notes": {"type": "string"},
                    "examples": {"items": {"$ref": "#/$defs/task"}, "type": "array"},
                },
            },
            "inputs": {"additionalProperties": {"$ref": "#/$defs/parameter"}, "type": "object"},
        },
        "$defs": {
            "task": {
                "additionalProperties": False,
                "type": "object",
                "properties": {
                    "name": {"type": "string"},
                    "displayName": {"type": "string"},
                    "description": {"type": "string"},
                    "parameters": {"additionalProperties": {"type": ["string", "number", "boolean"]}, "type": "object"},
                    "timeout": {"type": "integer"},
                    "condition": {"type": "string"},
                    "task": {"type": "string"},
                    "inputs": {"additionalProperties": {"type": ["string", "number", "boolean"]}, "type": "object"},
                },
            },
            "parameter": {
                "additionalProperties": False,
                "type": "object",
                "properties": {
                    "type": {"type": "string"},
                    "required": {"type": "boolean"},
                    "default": {"type": ["string", "number", "boolean"]},
                    "allowed": {"items": {"type": ["string", "number", "boolean"]}, "type": "array"},
                    "description": {"type": "string"},
                    "validationRegex": {"type": "string"},
                    "minLength": {"type": "integer"},
                    "maxLength": {"type": "integer"},
                    "defaultValue": {"type": ["string", "number", "boolean"]},
                    "allowedValues": {"items": {"type": ["string", "number", "boolean"]}, "type": "array"},
                },
            },
            "wingetParameters": {
                "additionalProperties": {
                    "type": ["string", "number", "boolean"],
                },
                "type": "object",
                "properties": {
                    "package": {"type": "string"},
                    "version": {"type": "string"},
                    "configurationFile": {"type": "string"},
                    "downloadUrl": {"type": "string"},
                    "inlineConfigurationBase64": {"type": "string"},
                },
            },
            "powershellParameters": {
                "additionalProperties": {
                    "type": ["string", "number", "boolean"],
                },
                "type": "object",
                "properties": {
                    "command": {"type": "string"},
                    "workingDirectory": {"type": "string"},
                    "script": {"type": "string"},
                    "scriptArgs": {"type": "string"},
                    "scriptExecutionPolicy": {"type": "string"},
                },
            },
            "gitcloneParameters": {
                "additionalProperties": {
                    "type": ["string", "number", "boolean"],
                },
                "type": "object",
                "properties": {
                    "repositoryUrl": {"type": "string"},
                    "directory": {"type": "string"},
                    "branch": {"type": "string"},
                    "pat": {"type": "string"},
                },
            },
        },
    },
    "user": {
        "additionalProperties": False,
        "type": "object",
        "properties": {
            "$schema": {"type": ["string", "number"]},
            "name": {"type": "string"},
            "description": {"type": "string"},
            "tasks": {"items": {"$ref": "#/$defs/task"}, "type": "array"},
            "userTasks": {"items": {"$ref": "#/$defs/task"}, "type": "array"},
            "setupTasks": {"items": {"$ref": "#/$defs/task"}, "type": "array"},
            "hostInformation": {"type": "string"},
            "supportsHibernation": {"type": "boolean"},
        },
        "$defs": {
            "task": {
                "additionalProperties": False,
                "type": "object",
                "properties": {
                    "name": {"type": "string"},
                    "displayName": {"type": "string"},
                    "description": {"type": "string"},
                    "parameters": {"additionalProperties": {"type": ["string", "number", "boolean"]}, "type": "object"},
                    "timeout": {"type": "integer"},
                    "condition": {"type": "string"},
                    "task": {"type": "string"},
                    "inputs": {"additionalProperties": {"type": ["string", "number", "boolean"]}, "type": "object"},
                },
            },
            "wingetParameters": {
                "additionalProperties": {
                    "type": ["string", "number", "boolean"],
                },
                "type": "object",
                "properties": {
                    "package": {"type": "string"},
                    "version": {"type": "string"},
                    "configurationFile": {"type": "string"},
                    "downloadUrl": {"type": "string"},
                    "inlineConfigurationBase64": {"type": "string"},
                },
            },
            "powershellParameters": {
                "additionalProperties": {
                    "type": ["string", "number", "boolean"],
                },
                "type": "object",
                "properties": {
                    "command": {"type": "string"},
                    "workingDirectory": {"type": "string"},
                    "script": {"type": "string"},
                    "scriptArgs": {"type": "string"},
                    "scriptExecutionPolicy": {"type": "string"},
                },
            },
            "gitcloneParameters": {
                "additionalProperties": {
                    "type": ["string", "number", "boolean"],
                },
                "type": "object",
                "properties": {
                    "repositoryUrl": {"type": "string"},
                    "directory": {"type": "string"},
                    "branch": {"type": "string"},
                    "pat": {"type": "string"},
                },
            },
        },
    },
}
