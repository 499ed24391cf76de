// node observatory.mjs TOOLS URL [HTTP_PORT] -> one JSON line: what MDN's HTTP Observatory says of a server on this machine.
// The package's own command takes a host name alone and ports 80 and 443; its retriever, tests and scores take the rest.
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [tools, url, httpPort] = process.argv.slice(2);
const from = (name) => import(pathToFileURL(join(tools, "node_modules/@mdn/mdn-http-observatory/src", name)).href);
const { retrieve } = await from("retriever/retriever.js");
const { ALL_TESTS } = await from("constants.js");
const { getGradeForScore, getScoreModifier } = await from("grader/grader.js");
const { MINIMUM_SCORE_FOR_EXTRA_CREDIT } = await from("grader/charts.js");

const { hostname, port, pathname } = new URL(url);
const answers = await retrieve(hostname, { path: pathname, httpsPort: Number(port), httpPort: Number(httpPort) || undefined });
if (!answers.responses.auto) throw new Error("the server does not answer");

const tests = {};
let gained = 0;
let lost = 0;
for (const test of ALL_TESTS) {
  const outcome = test(answers);
  if (!outcome.result) continue;
  const change = getScoreModifier(outcome.result);
  tests[outcome.constructor.name] = { result: outcome.result, change };
  if (change < 0) lost -= change;
  else gained += change;
}
// What is good counts extra only where little is wrong.
const plain = 100 - lost;
const final = getGradeForScore(plain >= MINIMUM_SCORE_FOR_EXTRA_CREDIT ? plain + gained : plain);
console.log(JSON.stringify({ score: final.score, grade: final.grade, tests }));
