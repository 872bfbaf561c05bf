// What the server writes as Markdown holds text of files, and a file may come with a link: nothing in it may act.

import DOMPurify from "dompurify";
import { onThisSite } from "./findings.mjs";

const purify = DOMPurify();
purify.addHook("afterSanitizeAttributes", (node) => {
    if (node.tagName === "A") {
        node.setAttribute("href", onThisSite(node.getAttribute("href") ?? ""));
        node.setAttribute("target", "_blank");
        node.setAttribute("rel", "noopener noreferrer");
    }
});

/** HTML without anything that runs, loads or is styled. */
export function safeMarkup(html) {
    return purify.sanitize(html, {
        ALLOWED_TAGS: ["a", "b", "blockquote", "br", "code", "em", "h1", "h2", "h3", "h4", "hr", "i", "li", "ol", "p", "pre", "span", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul"],
        ALLOWED_ATTR: ["href", "class"],
        ALLOWED_URI_REGEXP: /^https:/i,
    });
}
