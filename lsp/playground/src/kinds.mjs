// The kinds of files: what they are called, where one usually lies, and what a new one begins with.

export const KINDS = [
    {
        kind: "imagedefinition",
        name: "Team image definition",
        path: "imagedefinition.yaml",
        text: "$schema: 1.0\nname: \nimage: \ntasks:\n  - name: ~/winget\n    parameters:\n      package: \n",
    },
    {
        kind: "user",
        name: "User customization",
        path: "workload.yaml",
        text: "$schema: 1.0\nname: \nuserTasks:\n  - name: ~/winget\n    parameters:\n      package: \n",
    },
    {
        kind: "task",
        name: "Task definition",
        path: "tasks/new-task/task.yaml",
        text: "name: new-task\ndescription: \nparameters:\n  package:\n    type: string\n    required: true\ncommand: \".\\\\new-task.ps1 -Package '{{package}}'\"\n",
    },
    { kind: "script", name: "Script of a task", path: "tasks/new-task/new-task.ps1", text: "param([string] $Package)\n" },
    {
        kind: "configuration",
        name: "WinGet configuration",
        path: "configuration.winget",
        text: "properties:\n  configurationVersion: 0.2.0\n  resources:\n    - resource: Microsoft.WinGet.DSC/WinGetPackage\n      settings:\n        id: \n        source: winget\n",
    },
];

/** What is wrong with a path, empty where nothing is. */
export function faultOf(path) {
    const parts = path.split("/");
    if (parts.some((part) => part === "" || part === "." || part === ".." || /[\\\0-\x1f:*?"<>|]/.test(part)) || path.length > 200) {
        return "write a path such as tasks/install/task.yaml";
    }
    return "";
}
