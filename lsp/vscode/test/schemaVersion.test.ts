import assert from "node:assert/strict";
import { test } from "node:test";

import { NO_SCHEMA, givesVersion, hasModeline } from "../src/schemaVersion";

test("a version in quotes, which the YAML extension takes for an address", () => {
    for (const line of ['$schema: "1.0"', "$schema: '1.0'", '"$schema": "1.0"  # the format', '$schema: "1"\r']) {
        assert.ok(givesVersion(line), line);
    }
});

test("a number is no address, and an address no version", () => {
    const others = ["$schema: 1.0", '$schema: "./task.schema.json"', '  $schema: "1.0"', 'schema: "1.0"', "$schema: '1.0\""];
    for (const line of others) {
        assert.ok(!givesVersion(line), line);
    }
});

test("a file that has a modeline needs none", () => {
    assert.ok(hasModeline(`${NO_SCHEMA}\n$schema: "1.0"\n`));
    assert.ok(hasModeline('$schema: "1.0"\r\n# yaml-language-server: $schema=task.schema.json\r\n'));
    assert.ok(!hasModeline('$schema: "1.0" # yaml-language-server\n'));
});
