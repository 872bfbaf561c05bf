/** Which documents go to the server, and which make it worth starting. Knows nothing of VS Code. */

/**
 * The documents whose text goes to the server, in workspaces with these schemes.
 *
 * By pattern, not by language: the Ansible extension makes `Tasks/NAME/task.yaml` a document of language `ansible`.
 * All YAML files and all WinGet configurations, not some names: a user customization may have any name, and other
 * products use ours; the server tells by name and content which are which, as the command line does, and says nothing
 * about the others.
 */
export function selectorFor(schemes: Iterable<string>): ({ scheme: string; pattern: string } | { scheme: string; language: string })[] {
    return [
        ...[...new Set(schemes)].flatMap((scheme) => [
            { scheme, pattern: "**/*.{yaml,yml,winget,YAML,YML}" },
            // Scripts that a file of ours runs; the server has nothing to say of others.
            { scheme, pattern: "**/*.{ps1,PS1}" },
        ]),
        { scheme: "untitled", language: "yaml" },
    ];
}

/** Files by whose names a workspace is likely one of ours. */
export const TELLING_NAMES = "**/{*[iI]mage[dD]efinition.{yaml,yml},{[wW]orkload,[tT]ask}.{yaml,yml},*.winget}";

const NAMED = /(?:^|[/.])imagedefinition\.ya?ml$|\.winget$|\.dsc\.ya?ml$/i;
const SHARED = /(?:^|\/)(?:task|workload|devbox)\.ya?ml$/i;
/** Of Kubernetes, Ansible, Azure Pipelines and others: the root of a file that has nothing of ours. */
const FOREIGN = /^(?:apiVersion|jobs|stages|trigger|pool|services|blocks|pipelines|- (?:hosts|import_playbook))\s*:/im;

/** What no file of others has. */
const SURE = new RegExp(
    [
        String.raw`~/(?:winget|powershell|git-?clone)\b|__INTRINSIC_`,
        String.raw`^["']?(?:userTasks|setupTasks|hostInformation|supportsHibernation|buildProperties|enableScheduledRefresh|powershellEntryPoint)["']?\s*:`,
        String.raw`^["']?\$schema["']?\s*:\s*["']?v?\d+(?:\.\d+)*["']?\s*(?:#.*)?$`,
        String.raw`^image\s*:\s*["']?(?:microsoft\w+_|~gallery~|/subscriptions/|.*\bwin(?:dows)?[- ]?1[01]\b)`,
        String.raw`\bconfigurationVersion\s*:|configuration-dsc-schema|winget-settings|PowerShell/DSC/`,
    ].join("|"),
    "im",
);
/** Tasks, as several products have them: the server looks closer. */
const TASKS = /^["']?tasks["']?\s*:/im;
const ENTRY = /^\s*-\s+["']?(?:name|task)["']?\s*:/m;
/** A task definition of any name. */
const COMMAND = /^["']?command["']?\s*:/im;
const NAME = /^["']?name["']?\s*:/im;

/** Whether a document may be one of ours, by the end of its path and by what is in it; the server is sure. */
export function mayBeOurs(path: string, text: string): boolean {
    if (NAMED.test(path)) {
        return true;
    }
    if (!/\.ya?ml$/i.test(path) && path.includes(".")) {
        return false;
    }
    if (SURE.test(text)) {
        return true;
    }
    if (FOREIGN.test(text)) {
        return false;
    }
    return SHARED.test(path) || (TASKS.test(text) && ENTRY.test(text)) || (COMMAND.test(text) && NAME.test(text));
}

/** Whether it is a script, which is one of ours where a file of ours runs it. */
export function isScript(path: string): boolean {
    return /\.ps1$/i.test(path);
}
