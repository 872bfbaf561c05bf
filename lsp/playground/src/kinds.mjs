// The kinds of files by the words of the command line, and what a path may be.

export const KINDS = {
    imagedefinition: "Team image definition",
    user: "User customization",
    task: "Task definition",
    script: "Script of a task",
    configuration: "WinGet configuration",
};

/** What is wrong with a path, empty where nothing is. */
export function faultOf(path) {
    const isOdd = (part) => part === "" || part === "." || part === ".." || /[\\\0-\x1f:*?"<>|]/.test(part);
    return path.length > 200 || path.split("/").some(isOdd) ? "write a path such as tasks/install/task.yaml" : "";
}
