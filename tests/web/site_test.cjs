/* site_test.cjs SAMPAN: the running program, under a path prefix, in a browser. */
"use strict";

const { spawn } = require("node:child_process");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");

const { browser, expect, run } = require("./harness.cjs");
const checks = require("./page_checks.cjs");

const program = process.argv[2];
const data = fs.mkdtempSync(path.join(os.tmpdir(), "sampan-site-"));

/* Starts the program on a free port; resolves to its address and a way to stop it. */
const start = () =>
    new Promise((resolve, reject) => {
        const server = spawn(program, ["serve", "--data", path.join(data, "site"), "--listen", "127.0.0.1:0",
            "--prefix", "/sampan", "--lang", "en"]);
        let said = "";
        const hear = (bytes) => {
            said += bytes;
            const found = /http:\/\/127\.0\.0\.1:\d+/.exec(said);
            if (found) {
                resolve({ address: found[0], stop: () => new Promise((over) => {
                    server.on("close", over);
                    server.kill("SIGTERM");
                }) });
            }
        };
        server.stdout.on("data", hear);
        server.stderr.on("data", hear);
        server.on("error", reject);
        server.on("close", () => reject(new Error(`the program ended: ${said}`)));
    });

let site;
let chromium;

const visit = (where, options) => checks.open(chromium, `${site.address}/sampan${where}`, options);

const tests = {
    "the design page keeps the real policy and fits a phone": async () => {
        const opened = await visit("/design", { viewport: { width: 360, height: 800 } });
        expect((await opened.page.locator(".chart-canvas canvas").count()) === 4, "charts are missing");
        await checks.quiet(opened);
        await checks.fits(opened);
        await checks.accessible(opened);
        await checks.valid(await opened.page.evaluate(async () => (await fetch(location.href)).text()), "design");
        await opened.close();
    },
    "language and colours are switched without scripts and kept": async () => {
        const opened = await visit("/design?part=forms", { javaScriptEnabled: false, locale: "en" });
        const { page } = opened;
        expect((await page.title()).startsWith("Design language"), await page.title());
        await page.click('button[name="language"]');
        expect((await page.locator("html").getAttribute("lang")) === "zh-CN", "still English");
        expect(page.url().endsWith("/sampan/design?part=forms"), `led to ${page.url()}`);
        await page.click('button[name="theme"][value="dark"]');
        expect((await page.locator("html").getAttribute("data-theme")) === "dark", "still light");
        await page.goto(`${site.address}/sampan/design`);
        expect((await page.locator("html").getAttribute("lang")) === "zh-CN", "the language was forgotten");
        expect((await page.locator("html").getAttribute("data-theme")) === "dark", "the colours were forgotten");
        await opened.close();
    },
    "a page that is not there says so calmly": async () => {
        for (const locale of ["en", "zh-CN"]) {
            const opened = await visit("/nosuch", { viewport: { width: 360, height: 800 }, locale });
            opened.found.splice(0, opened.found.length,
                ...opened.found.filter((one) => !one.includes("404 (Not Found)")));
            await checks.quiet(opened);
            await checks.fits(opened);
            await checks.accessible(opened);
            await opened.close();
        }
    },
    "files that do not change are not asked for again": async () => {
        const opened = await visit("/design", {});
        const style = await opened.page.locator('link[rel="stylesheet"]').getAttribute("href");
        const answer = await fetch(site.address + style);
        expect(answer.headers.get("cache-control").includes("immutable"), answer.headers.get("cache-control"));
        expect(answer.headers.get("content-encoding") === "gzip", "not compressed");
        expect((await answer.text()) === fs.readFileSync(
            path.join(__dirname, "..", "..", "static", "sampan.css"), "utf8"), "other bytes");
        await opened.close();
    },
};

(async () => {
    if (fs.existsSync(process.env.SAMPAN_CHROMIUM || "/usr/bin/chromium")) {
        site = await start();
        chromium = await browser();
    }
    await run(tests);
    await chromium?.close();
    await site?.stop();
    fs.rmSync(data, { recursive: true, force: true });
})();
