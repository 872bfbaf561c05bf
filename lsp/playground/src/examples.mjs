// What the page can begin with: examples of the repository and of each rule, and a new file of each kind.

import { element } from "./findings.mjs";

/**
 * Fills the list of examples, and calls `take` with the files of the one that is chosen.
 *
 * @returns {Promise<{ first(rule?: string): { path: string, text: string }[],
 *     starters: { kind: string, path: string, text: string }[] }>} what is shown at first, and new files
 */
export async function loadExamples(select, take) {
    const answer = await fetch(new URL("examples.json", import.meta.url));
    const { groups, starters } = await answer.json();
    const all = groups.flatMap(({ examples }) => examples);
    for (const { name, examples } of groups) {
        const group = element("optgroup", { label: name });
        group.append(...examples.map((example) => element("option", { value: String(all.indexOf(example)) }, example.name)));
        select.append(group);
    }
    select.addEventListener("change", () => {
        const example = all[Number(select.value)];
        select.value = "";
        if (example) {
            take(example.files);
        }
    });
    return { first: (rule) => (all.find(({ code }) => rule && code === rule) ?? all[0]).files, starters };
}
