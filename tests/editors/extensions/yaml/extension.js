// A YAML extension beside ours: starts the yaml-language-server that YAML_LANGUAGE_SERVER names.

const { LanguageClient } = require("vscode-languageclient/node");

let client;

exports.activate = () => {
    const command = { command: process.execPath, args: [process.env.YAML_LANGUAGE_SERVER, "--stdio"] };
    client = new LanguageClient("yaml", "YAML Support", command, { documentSelector: [{ language: "yaml" }] });
    return client.start();
};

exports.deactivate = () => client?.stop();
