/* Tests in a browser: prints what tools/summary.py reads, serves a folder, starts Chromium. */
"use strict";

const fs = require("node:fs");
const http = require("node:http");
const path = require("node:path");

const CHROMIUM = process.env.SAMPAN_CHROMIUM || "/usr/bin/chromium";

/* The policy of src/platform/web/answer.c, word for word, so that what is tested is what is sent. */
const contentPolicy = (root) => {
    const source = fs.readFileSync(path.join(root, "src/platform/web/answer.c"), "utf8");
    const found = /content_policy\[\] =\s*((?:"[^"]*"\s*)+);/.exec(source);
    return found[1].match(/"[^"]*"/g).map((part) => part.slice(1, -1)).join("");
};

const TYPES = { ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".html": "text/html" };

/* Serves pages of `folder` at /NAME and /static/...; resolves to its address. */
const serve = (folder, policy) =>
    new Promise((resolve) => {
        const server = http.createServer((request, response) => {
            const name = new URL(request.url, "http://localhost").pathname.slice(1);
            const file = path.join(folder, path.extname(name) ? name : `${name}.html`);
            if (!file.startsWith(folder) || !fs.existsSync(file)) {
                response.writeHead(404).end();
                return;
            }
            response.writeHead(200, {
                "Content-Type": `${TYPES[path.extname(file)]}; charset=utf-8`,
                "Content-Security-Policy": policy,
            });
            response.end(fs.readFileSync(file));
        });
        server.listen(0, "127.0.0.1", () =>
            resolve({ address: `http://127.0.0.1:${server.address().port}`, close: () => server.close() }));
    });

const browser = () => {
    const { chromium } = require("playwright-core");
    return chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
};

const expect = (good, message) => {
    if (!good) {
        throw new Error(message);
    }
};

/* Runs each test of {name: async function}; the status is 1 if one failed. */
const run = async (tests) => {
    const names = Object.keys(tests);
    let failed = 0;
    let skipped = 0;
    console.log(`[==========] Running ${names.length} test(s).`);
    for (const name of names) {
        console.log(`[ RUN      ] ${name}`);
        if (!fs.existsSync(CHROMIUM)) {
            const missing = process.env.SAMPAN_REQUIRE_BROWSER;
            console.log(`Chromium is not installed\n${missing ? "[  FAILED  ]" : "[  SKIPPED ]"} ${name}`);
            failed += missing ? 1 : 0;
            skipped += missing ? 0 : 1;
            continue;
        }
        try {
            await tests[name]();
            console.log(`[       OK ] ${name}`);
        } catch (error) {
            failed += 1;
            console.log(`${error.message}\n[  FAILED  ] ${name}`);
        }
    }
    console.log(`[==========] ${names.length} test(s) run.`);
    console.log(`[  PASSED  ] ${names.length - failed - skipped} test(s).`);
    process.exitCode = failed ? 1 : 0;
};

module.exports = { browser, contentPolicy, expect, run, serve };
