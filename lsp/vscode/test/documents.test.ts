import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { test } from "node:test";

import { mayBeOurs } from "../src/documents";

const top = path.resolve(__dirname, "../../../..");

function filesBelow(folder: string): string[] {
    return fs
        .readdirSync(path.join(top, folder), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && /\.(ya?ml|winget)$/.test(entry.name))
        .map((entry) => path.join(entry.parentPath, entry.name));
}

test("the files that the command line knows make the server worth starting", () => {
    for (const file of [...filesBelow("examples/good"), ...filesBelow("examples/bad")]) {
        if (!path.basename(file).startsWith(".")) {
            assert.ok(mayBeOurs(file, fs.readFileSync(file, "utf8")), file);
        }
    }
});

test("YAML of others starts nothing", () => {
    const others: Record<string, string> = {
        "deploy.yaml": "apiVersion: apps/v1\nkind: Deployment\nspec:\n  template:\n    command: [x]\n",
        "workload.yaml": "apiVersion: carto.run/v1alpha1\nkind: Workload\n",
        "task.yaml": "apiVersion: tekton.dev/v1\nkind: Task\n",
        "docker-compose.yml": "services:\n  web:\n    image: nginx\n    command: x\n",
        "azure-pipelines.yml": "trigger: [main]\npool: x\nsteps:\n  - task: Npm@1\n  - script: |\n      x\n",
        "play.yml": "- hosts: all\n  tasks:\n    - name: x\n      command: y\n",
        ".gitlab-ci.yml": "image: python:3.11\ntest:\n  script:\n    - x\n",
        "mkdocs.yml": "site_name: x\ntheme:\n  name: material\n",
        "readme.md": "tasks:\n  - name: ~/winget\n",
    };
    for (const [name, text] of Object.entries(others)) {
        assert.ok(!mayBeOurs(`/x/${name}`, text), name);
    }
});

test("a file that is begun, or that has no name yet, counts by its name or its content", () => {
    for (const name of ["imagedefinition.yaml", "web.imageDefinition.yml", "devbox.yaml", "Task.yaml", "workload.yml", "x.winget", "x.dsc.yaml"]) {
        assert.ok(mayBeOurs(`/x/${name}`, ""), name);
    }
    assert.ok(!mayBeOurs("Untitled-1", ""));
    assert.ok(mayBeOurs("Untitled-1", "name: x\ntasks:\n  - name: ~/winget\n"));
    assert.ok(mayBeOurs("/x/mine.yaml", "- name: ~/powershell\n"));
    assert.ok(mayBeOurs("/x/mine.yaml", '$schema: "1.0"\nname: x\n'));
});
