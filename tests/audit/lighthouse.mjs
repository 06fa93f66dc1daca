// Lighthouse on a telephone: node lighthouse.mjs CHROME URL writes {scores, metrics, failing} as JSON.
import { launch } from "chrome-launcher";
import lighthouse from "lighthouse";

const [chromePath, url] = process.argv.slice(2);
const chrome = await launch({
  chromePath,
  logLevel: "silent",
  chromeFlags: [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-extensions", "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
  ],
});
try {
  const { lhr } = await lighthouse(url, { port: chrome.port, logLevel: "silent", output: "json" });
  if (lhr.runtimeError) throw new Error(lhr.runtimeError.message);
  const categories = Object.entries(lhr.categories);
  const metrics = ["largest-contentful-paint", "cumulative-layout-shift", "total-blocking-time", "total-byte-weight"];
  process.stdout.write(JSON.stringify({
    scores: Object.fromEntries(categories.map(([name, category]) => [name, Math.round((category.score ?? 0) * 100)])),
    metrics: Object.fromEntries(metrics.map(name => [name, lhr.audits[name].numericValue ?? 0])),
    failing: categories.flatMap(([name, category]) => category.auditRefs
      .filter(({ id, weight }) => weight > 0 && name !== "performance" && (lhr.audits[id].score ?? 1) < 1)
      .map(({ id }) => `${id}: ${lhr.audits[id].title}`)),
  }));
} finally {
  await chrome.kill();
}
