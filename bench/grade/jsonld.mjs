// node jsonld.mjs TOOLS FILE... -> one JSON line a file: what Google's rich results would reject or miss in its structured data.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [tools, ...files] = process.argv.slice(2);
const require = createRequire(join(tools, "package.json"));
const from = async (name, word) => {
  const loaded = await import(pathToFileURL(require.resolve(name)).href);
  return loaded[word] ?? loaded.default?.[word] ?? loaded.default;
};
const Validator = await from("@adobe/structured-data-validator", "Validator");
const Extractor = await from("@marbec/web-auto-extractor", "WebAutoExtractor");

const place = (issue) => (issue.path ?? []).map((step) => step.type ?? step.property ?? "").join("/");

// Google lets the other colours of a page of its own each stand there by address alone; the validator wants them whole.
const isStub = (thing) => thing["@type"] === "Product" && Object.keys(thing).every((name) => ["@type", "@id", "url", "name"].includes(name) || name.startsWith("@"));
const withoutStubs = (thing) => {
  if (Array.isArray(thing)) return thing.filter((each) => !isStub(each)).map(withoutStubs);
  if (thing === null || typeof thing !== "object") return thing;
  return Object.fromEntries(Object.entries(thing).map(([name, value]) => [name, withoutStubs(value)]));
};
const SCRIPT = /(<script type="?application\/ld\+json"?>)(.*?)(<\/script>)/gs;
const whole = (html) => html.replace(SCRIPT, (_, open, text, close) => open + JSON.stringify(withoutStubs(JSON.parse(text))) + close);

for (const file of files) {
  const found = new Extractor({ addLocation: true, embedSource: ["rdfa", "microdata"] }).parse(whole(readFileSync(file, "utf8")));
  const issues = await new Validator(null).validate(found);
  const told = (severity) => [...new Set(issues.filter((i) => i.severity === severity).map((i) => `${place(i)}: ${i.issueMessage}`))];
  console.log(JSON.stringify({ file, types: Object.keys(found.jsonld ?? {}), errors: told("ERROR"), hints: told("WARNING") }));
}
