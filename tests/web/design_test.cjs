/* design_test.cjs ROOT FOLDER DUMP: /design, written into FOLDER by the program DUMP, as people see it.
 *
 * SAMPAN_SHOTS=FOLDER keeps pictures of every variant to be looked at.
 */
"use strict";

const { execFileSync } = require("node:child_process");
const fs = require("node:fs");
const path = require("node:path");

const { browser, contentPolicy, expect, run, serve } = require("./harness.cjs");
const checks = require("./page_checks.cjs");

const [root, folder, dump] = process.argv.slice(2);
/* Every pair of language, theme and width; all eight with SAMPAN_SOAK=1 or when pictures are taken. */
const pairs = ["en-light-1280", "en-dark-360", "zh-light-360", "zh-dark-1280"];
const all = process.env.SAMPAN_SOAK || process.env.SAMPAN_SHOTS;
const variants = [];
for (const lang of ["en", "zh"]) {
    for (const theme of ["light", "dark"]) {
        for (const width of [1280, 360]) {
            if (all || pairs.includes(`${lang}-${theme}-${width}`)) {
                variants.push({ lang, theme, width });
            }
        }
    }
}

let site;
let chromium;

const each = (check) => async () => {
    const words = [];
    for (const { lang, theme, width } of variants) {
        const opened = await checks.open(chromium, `${site.address}/design-${lang}-auto`, {
            viewport: { width, height: 800 },
            colorScheme: theme,
            locale: lang === "zh" ? "zh-CN" : "en",
        });
        try {
            await check(opened, `${lang}-${theme}-${width}`);
        } catch (error) {
            words.push(`${lang} ${theme} ${width}: ${error.message}`);
        }
        await opened.close();
    }
    expect(words.length === 0, words.slice(0, 6).join("\n"));
};

const shot = async (opened, name) => {
    const place = process.env.SAMPAN_SHOTS;
    if (place) {
        fs.mkdirSync(place, { recursive: true });
        await opened.page.screenshot({ path: path.join(place, `design-${name}.png`), fullPage: true });
    }
};

const tests = {
    "every variant keeps its policy, fits the screen, draws its charts and pleases axe": each(async (opened, name) => {
        await shot(opened, name);
        await checks.quiet(opened);
        await checks.fits(opened);
        const drawn = await opened.page.locator(".chart-canvas canvas").count();
        expect(drawn === 4, `${drawn} charts were drawn`);
        const tables = await opened.page.locator(".chart table").count();
        expect(tables === 4, `${tables} tables`);
        await checks.accessible(opened);
    }),
    "html-validate finds what is planted and nothing else": async () => {
        for (const [html, rule] of [["<p><b>x</p>", "close-order"], ['<p id="a"></p><p id="a"></p>', "no-dup-id"]]) {
            const found = await checks.valid(html, "planted").then(() => "nothing", (error) => error.message);
            expect(found.includes(rule), `${rule}: ${found}`);
        }
        for (const lang of ["en", "zh"]) {
            const name = `design-${lang}-auto.html`;
            await checks.valid(fs.readFileSync(path.join(folder, name), "utf8"), name);
        }
    },
    "a planted violation, a wide element and a poor contrast are found": async () => {
        const opened = await checks.open(chromium, `${site.address}/design-en-auto`, { viewport: { width: 360, height: 800 } });
        await opened.page.evaluate(() => {
            document.body.insertAdjacentHTML("beforeend",
                '<p style="color: red">x</p><div class="planted"><input></div>');
            document.querySelector(".planted").style.width = "900px";
        });
        for (const [check, word] of [[checks.quiet, "style-src"], [checks.fits, "planted"], [checks.accessible, "label"]]) {
            const found = await check(opened).then(() => "nothing", (error) => error.message);
            expect(found.includes(word), `${word}: ${found}`);
        }
        await opened.close();
    },
    "a chart's tooltip is drawn, not made of markup": async () => {
        const opened = await checks.open(chromium, `${site.address}/design-en-auto`, {
            viewport: { width: 1280, height: 800 },
        });
        const chart = opened.page.locator(".chart-canvas").first();
        await chart.scrollIntoViewIfNeeded();
        await chart.hover({ position: { x: 500, y: 150 } });
        await opened.page.waitForTimeout(300);
        await shot(opened, "tooltip");
        await checks.quiet(opened);
        const inside = await chart.evaluate((one) => one.textContent);
        expect(inside.trim() === "", `markup: ${inside}`);
        await opened.close();
    },
    "without scripts the table is there and no empty frame": async () => {
        const opened = await checks.open(chromium, `${site.address}/design-en-auto`, { javaScriptEnabled: false });
        expect(!(await opened.page.locator(".chart-canvas").first().isVisible()), "an empty frame");
        await opened.page.locator(".chart summary").first().click();
        expect(await opened.page.locator(".chart table").first().isVisible(), "no table");
        await opened.close();
    },
    "the theme asked for wins over the system's": async () => {
        for (const [asked, system] of [["dark", "light"], ["light", "dark"]]) {
            const opened = await checks.open(chromium, `${site.address}/design-en-${asked}`, { colorScheme: system });
            const ground = await opened.page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
            const wanted = asked === "dark" ? "rgb(18, 23, 26)" : "rgb(246, 247, 246)";
            expect(ground === wanted, `${asked}: ${ground}`);
            await checks.accessible(opened);
            await opened.close();
        }
    },
    "what is printed is light and without what only a screen can use": async () => {
        const opened = await checks.open(chromium, `${site.address}/design-en-auto`, { colorScheme: "dark" });
        await opened.page.emulateMedia({ media: "print" });
        await shot(opened, "print");
        const ground = await opened.page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
        expect(ground === "rgb(255, 255, 255)", ground);
        for (const hidden of [".top-nav", ".tabs", ".pager ul", ".foot form"]) {
            expect(!(await opened.page.locator(hidden).first().isVisible()), `${hidden} is printed`);
        }
        const pixel = await opened.page.evaluate(() => {
            const canvas = document.querySelector(".chart-canvas canvas");
            return [...canvas.getContext("2d").getImageData(4, 4, 1, 1).data].join();
        });
        expect(["0,0,0,0", "255,255,255,255"].includes(pixel), `a chart's ground is ${pixel}`);
        await opened.close();
    },
    "both dark themes are the same": async () => {
        const css = fs.readFileSync(path.join(root, "static/sampan.css"), "utf8");
        const tokens = (head) => {
            const at = css.indexOf(head);
            const block = css.slice(css.indexOf("{", at) + 1, css.indexOf("}", at));
            return block.split("\n").map((line) => line.trim()).filter(Boolean).join("\n");
        };
        const system = tokens(':root:not([data-theme="light"])');
        expect(system.includes("--accent"), "no dark theme was found");
        expect(system === tokens(':root[data-theme="dark"] {'), "they differ");
    },
    "half a word is not searched for": async () => {
        const opened = await checks.open(chromium, `${site.address}/design-en-auto`, {});
        const heard = await opened.page.evaluate(() => {
            const input = document.querySelector("#field-search");
            const values = [];
            document.addEventListener("input", () => values.push(input.value));
            const type = (text, composing) => {
                input.value = text;
                input.dispatchEvent(new InputEvent("input", { bubbles: true, isComposing: composing }));
            };
            type("z", true);
            type("zhong", true);
            input.value = "中";
            input.dispatchEvent(new CompositionEvent("compositionend", { bubbles: true, data: "中" }));
            type("中a", false);
            return values;
        });
        expect(JSON.stringify(heard) === '["中","中a"]', JSON.stringify(heard));
        await opened.close();
    },
    "an input method of the browser itself is heard once, when the word is whole": async () => {
        const typed = async (withScript) => {
            const opened = await checks.open(chromium, "about:blank", {});
            const { page } = opened;
            if (!withScript) {
                await page.route("**/sampan.js*", (route) => route.abort());
            }
            await page.goto(`${site.address}/design-en-auto`);
            await page.evaluate(() => {
                window.heard = [];
                document.addEventListener("input", (event) => window.heard.push(event.target.value));
            });
            await page.focus("#field-search");
            const ime = await page.context().newCDPSession(page);
            for (const text of ["n", "ni", "nih"]) {
                await ime.send("Input.imeSetComposition", { text, selectionStart: text.length, selectionEnd: text.length });
            }
            await ime.send("Input.insertText", { text: "你好" });
            await page.keyboard.type("1");
            expect((await page.inputValue("#field-search")) === "你好1", "the field holds something else");
            const heard = await page.evaluate(() => window.heard);
            await opened.close();
            return heard;
        };
        const heard = await typed(true);
        expect(heard.length >= 2 && heard.every((one) => one.startsWith("你好")), JSON.stringify(heard));
        const planted = await typed(false);
        expect(planted.includes("ni"), `without the script: ${JSON.stringify(planted)}`);
    },
    "nothing is wider than a small screen at four times its size": async () => {
        const opened = await checks.open(chromium, `${site.address}/design-zh-auto`, { viewport: { width: 320, height: 256 } });
        await checks.fits(opened);
        await opened.close();
    },
    "every field can be reached and seen by keyboard": async () => {
        const opened = await checks.open(chromium, `${site.address}/design-en-auto`, {});
        await opened.page.keyboard.press("Tab");
        const first = await opened.page.evaluate(() => document.activeElement.className);
        expect(first === "skip", `the first stop is ${first}`);
        const box = await opened.page.locator(".skip").boundingBox();
        expect(box.y >= 0, "the skip link stays hidden");
        await opened.page.keyboard.press("Enter");
        await opened.page.keyboard.press("Tab");
        const inside = await opened.page.evaluate(() => document.activeElement.closest("main") !== null);
        expect(inside, "the skip link does not skip");
        await opened.close();
    },
};

(async () => {
    execFileSync(dump, [folder]);
    if (fs.existsSync(process.env.SAMPAN_CHROMIUM || "/usr/bin/chromium")) {
        site = await serve(path.resolve(folder), contentPolicy(root));
        chromium = await browser();
    }
    await run(tests);
    await chromium?.close();
    site?.close();
})();
