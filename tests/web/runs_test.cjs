/* runs_test.cjs SAMPAN ROOT: a walk through a played run in a browser: list, run, firm, why. */
"use strict";

const { execFileSync, spawn } = require("node:child_process");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");

const { browser, expect, run } = require("./harness.cjs");
const checks = require("./page_checks.cjs");

const [program, root] = process.argv.slice(2);
const data = fs.mkdtempSync(path.join(os.tmpdir(), "sampan-runs-"));
const PASSWORD = "a long first password";

/* A college, a student, and a small run of each level. */
const fill = () => {
    const password = path.join(data, "password");
    const folder = path.join(data, "site");
    const command = (...words) => execFileSync(program, words, { stdio: "pipe" });
    fs.writeFileSync(password, PASSWORD, { mode: 0o600 });
    command("organisation", "add", "harbour", "--data", folder, "--kind", "college", "--name-en", "Harbour College",
        "--name-zh", "港湾学院", "--invented");
    command("person", "add", "1001", "--data", folder, "--organisation", "harbour", "--name", "林晓", "--role",
        "student", "--password-file", password, "--password-stays");
    for (const [name, level] of [["one", "1"], ["two", "2"]]) {
        const played = path.join(data, name);
        command("simulate", path.join(root, "data/scenarios/accessories.json"), "--seed", "walk", "--rounds", "3",
            "--firms", "4", "--level", level, "--score-seeds", "2", "--out", played);
        command("run", "add", played, "--data", folder, "--organisation", "harbour", "--title", `Level ${level} <手机>`);
    }
};

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

const signIn = async (page) => {
    await page.goto(`${site.address}/sampan/sign-in`);
    await page.fill('[name="organisation"]', "harbour");
    await page.fill('[name="number"]', "1001");
    await page.fill('[name="password"]', PASSWORD);
    await page.click('main button[type="submit"]');
};

const WORDS = {
    en: { runs: "Runs", served: "Orders served", sold: "= sold" },
    "zh-CN": { runs: "推演", served: "订单满足率", sold: "= 售出" },
};

const walk = (locale, colorScheme, width) => async () => {
    const options = { locale, colorScheme, viewport: { width, height: 800 } };
    const opened = await checks.open(chromium, `${site.address}/sampan/`, options);
    const { page } = opened;
    const faults = [];
    const look = async (name, text) => {
        await page.waitForTimeout(200);
        expect((await page.locator("main").innerText()).includes(text), `${name}: no '${text}' on ${page.url()}`);
        if (process.env.SAMPAN_SHOTS) {
            await page.screenshot({ path: path.join(process.env.SAMPAN_SHOTS, `runs-${name}-${locale}-${width}.png`), fullPage: true });
        }
        const html = await page.evaluate(async () => (await fetch(location.href)).text());
        for (const check of [() => checks.quiet(opened), () => checks.fits(opened), () => checks.accessible(opened),
            () => checks.valid(html, name)]) {
            await check().catch((error) => faults.push(`${name}: ${error.message}`));
        }
    };
    const words = WORDS[locale];
    await signIn(page);
    await page.locator("header a", { hasText: words.runs }).first().click();
    await look("list", "Level 2 <手机>");
    await page.locator("tbody a", { hasText: "Level 2" }).click();
    await look("run", words.served);
    const there = page.url();
    await page.locator("tbody a").first().click();
    await look("firm", "CNY");
    const firm = page.url();
    await page.locator('tbody a[href*="/why"]').first().click();
    await look("why", words.sold);
    await page.goto(firm);
    await page.locator('tbody a[href*="/rounds/2"]').first().click();
    await look("round", "2");
    await page.goto(there);
    await page.selectOption('[name="b"]', "3");
    await page.click('main button[type="submit"]');
    expect(page.url().includes("a=1&b=3"), page.url());
    await look("compare", "CNY");
    await opened.close();
    expect(faults.length === 0, faults.slice(0, 8).join("\n"));
};

const tests = {
    "a walk in English on a screen": walk("en", "light", 1280),
    "a walk in Chinese on a phone, dark": walk("zh-CN", "dark", 360),
    "a walk in English on a phone": walk("en", "light", 360),
    "a walk in Chinese on a screen, dark": walk("zh-CN", "dark", 1280),
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
