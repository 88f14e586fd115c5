/* site_test.cjs SAMPAN: the running program, under a path prefix, in a browser. */
"use strict";

const { execFileSync, spawn } = require("node:child_process");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");

const { browser, expect, run } = require("./harness.cjs");
const checks = require("./page_checks.cjs");

const program = process.argv[2];
const data = fs.mkdtempSync(path.join(os.tmpdir(), "sampan-site-"));

const PASSWORD = "a long first password";
const NUMBER = "1001";

/* A college with its administrator and twenty teachers, by the commands that people use. */
const fill = () => {
    const file = path.join(data, "password");
    const folder = path.join(data, "site");
    fs.writeFileSync(file, PASSWORD, { mode: 0o600 });
    const command = (...words) => execFileSync(program, [...words, "--data", folder], { stdio: "pipe" });
    command("organisation", "add", "harbour", "--kind", "college", "--name-en", "Harbour College",
        "--name-zh", "港湾学院", "--invented");
    const person = (number, name, role) => command("person", "add", number, "--organisation", "harbour",
        "--name", name, "--role", role, "--password-file", file);
    person(NUMBER, "林晓 <b>Lin</b> & Xiao", "administrator");
    person("1002", "王芳", "teacher");
    person("1003", "Dr. Maximiliane-Josephine Hohenstein-Bartholdy", "dean");
};

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

/* What a person signed in can open, and what anyone can. */
const OPEN = ["/", "/sign-in"];
const SIGNED_IN = ["/", "/people", "/account", "/people#first"];

const signIn = async (opened) => {
    const { page } = opened;
    await page.goto(`${site.address}/sampan/sign-in`);
    await page.fill('[name="organisation"]', "harbour");
    await page.fill('[name="number"]', NUMBER);
    await page.fill('[name="password"]', PASSWORD);
    await page.click('main button[type="submit"]');
    expect(!page.url().includes("sign-in"), `not signed in: ${await page.locator("main").innerText()}`);
};

const look = async (opened, where, name, words) => {
    const { page } = opened;
    if (where.endsWith("#first")) {
        await page.goto(`${site.address}/sampan${where.split("#")[0]}`);
        await page.locator("tbody a").first().click();
    } else {
        await page.goto(`${site.address}/sampan${where}`);
    }
    const place = process.env.SAMPAN_SHOTS;
    if (place) {
        await page.screenshot({ path: path.join(place, `site-${name}.png`), fullPage: true });
    }
    const html = await page.evaluate(async () => (await fetch(location.href)).text());
    for (const check of [() => checks.quiet(opened), () => checks.fits(opened), () => checks.accessible(opened),
        () => checks.valid(html, where)]) {
        await check().catch((error) => words.push(`${name}: ${error.message}`));
    }
};

/* Every page in both languages, themes and widths: half of the pairs, so that all are met. */
const everywhere = (pages, signedIn) => async () => {
    const words = [];
    const variants = [["en", "light", 1280], ["zh-CN", "dark", 360], ["en", "dark", 360], ["zh-CN", "light", 1280]];
    for (const [locale, colorScheme, width] of variants) {
        const opened = await visit("/", { locale, colorScheme, viewport: { width, height: 800 } });
        if (signedIn) {
            await signIn(opened);
        }
        for (const where of pages) {
            await look(opened, where, `${where.replace(/\W/g, "")}-${signedIn ? "in" : "out"}-${locale}-${width}`, words);
        }
        await opened.close();
    }
    expect(words.length === 0, words.slice(0, 8).join("\n"));
};

const tests = {
    "pages for anyone are sound in every variant": everywhere(OPEN, false),
    "pages for who is signed in are sound in every variant": everywhere(SIGNED_IN, true),
    "a form that did not pass comes back with its problems and what was typed": async () => {
        const opened = await visit("/sign-in", { viewport: { width: 360, height: 800 }, locale: "en" });
        const { page } = opened;
        await page.locator("form").evaluateAll((forms) => forms.forEach((form) => { form.noValidate = true; }));
        await page.fill('[name="organisation"]', "x");
        await page.click('main button[type="submit"]');
        expect((await page.inputValue('[name="organisation"]')) === "x", "what was typed is lost");
        expect((await page.locator('[aria-invalid="true"]').count()) >= 2, "no field is marked");
        await page.locator(".notice a").first().click();
        expect(new URL(page.url()).hash === "#field-organisation", page.url());
        opened.found.splice(0, opened.found.length, ...opened.found.filter((one) => !one.includes("422")));
        await checks.quiet(opened);
        await checks.accessible(opened);
        await opened.close();
    },
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
        fill();
        site = await start();
        chromium = await browser();
    }
    await run(tests);
    await chromium?.close();
    await site?.stop();
    fs.rmSync(data, { recursive: true, force: true });
})();
