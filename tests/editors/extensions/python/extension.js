// The part of the Python extension's interface that says which interpreter is chosen.

const vscode = require("vscode");

exports.activate = () => {
    const path = process.env.PYTHON_OF_THE_WORKSPACE;
    return {
        ready: Promise.resolve(),
        environments: {
            getActiveEnvironmentPath: () => ({ id: path, path }),
            resolveEnvironment: async (environment) => ({ executable: { uri: vscode.Uri.file(environment.path) } }),
            onDidChangeActiveEnvironmentPath: () => new vscode.Disposable(() => {}),
        },
    };
};
