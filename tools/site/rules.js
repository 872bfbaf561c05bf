// Filters above the table of all rules. Without this script the table is all there is.

const SEVERITIES = ["error", "warning", "info"];
const FIXES = { safe: "safe", unsafe: "unsafe", sometimes: "for some findings", "-": "none" };

function select(name, choices) {
    const label = document.createElement("label");
    const made = document.createElement("select");
    made.append(new Option("any", ""), ...choices.map(([value, text]) => new Option(text, value)));
    label.append(`${name} `, made);
    return { label, made };
}

function filter(table, groups) {
    const rows = [...table.tBodies[0].rows].map((row) => {
        const [code, name, severity, files, fix, text] = [...row.cells].map((cell) => cell.textContent.trim());
        return { row, code, severity, files: files.split(", "), fix, text: `${code} ${name} ${text}`.toLowerCase() };
    });
    const search = document.createElement("input");
    search.type = "search";
    const searched = document.createElement("label");
    searched.append("Text ", search);
    const group = select("Group", groups);
    const severity = select("Severity", SEVERITIES.map((each) => [each, each]));
    const kind = select("Files", [...new Set(rows.flatMap(({ files }) => files))].map((each) => [each, each]));
    const fix = select("Fix", Object.entries(FIXES));
    const count = document.createElement("p");
    count.setAttribute("role", "status");
    const form = document.createElement("form");
    form.className = "rule-filters";
    form.append(searched, group.label, severity.label, kind.label, fix.label);
    const apply = () => {
        let shown = 0;
        for (const each of rows) {
            const fits =
                each.text.includes(search.value.trim().toLowerCase()) &&
                each.code.startsWith(group.made.value) &&
                (!severity.made.value || new RegExp(`\\b${severity.made.value}\\b`).test(each.severity)) &&
                (!kind.made.value || each.files.includes(kind.made.value)) &&
                (!fix.made.value || each.fix === fix.made.value);
            each.row.hidden = !fits;
            shown += fits;
        }
        count.textContent = `${shown} of ${rows.length} rules`;
    };
    form.addEventListener("input", apply);
    form.addEventListener("submit", (event) => event.preventDefault());
    (table.closest(".md-typeset__scrollwrap") ?? table).before(form, count);
    apply();
}

const data = document.querySelector("[data-rule-groups]");
const table = [...document.querySelectorAll("table")].find((each) => each.rows[0]?.cells[0]?.textContent.trim() === "Code");
if (data && table) {
    filter(table, JSON.parse(data.dataset.ruleGroups));
}
