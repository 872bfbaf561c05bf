/**
 * How the file's `$schema` and the YAML extension live together.
 *
 * `$schema: "1.0"` is the version of the Dev Box format. yaml-language-server takes a string there for the address of
 * a JSON schema, and says "Unable to load schema" (since its 1.24; tried up to 2.0). Its own settings cannot change that,
 * a comment in the file can.
 */

/** The comment that turns the search for a schema off in one file; 1.24 knows it too. */
export const NO_SCHEMA = "# yaml-language-server: $schema=none";

/** The modeline of yaml-language-server, with any schema. */
const MODELINE = /^#\s+yaml-language-server\s*:.*\$schema\s*=/m;

/** Whether the line gives a version, in quotes, for `$schema`. */
export function givesVersion(line: string): boolean {
    return /^(?:\$schema|"\$schema"|'\$schema')\s*:\s*(?:"\d+(?:\.\d+)*"|'\d+(?:\.\d+)*')\s*(?:#.*)?$/.test(line.trimEnd());
}

export function hasModeline(text: string): boolean {
    return MODELINE.test(text);
}
