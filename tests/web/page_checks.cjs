/* What every page is asked: accessible, valid, within its policy, no wider than the screen. */
"use strict";

const { expect } = require("./harness.cjs");

/* Opens `address` and collects what must not happen: policy violations, errors, foreign requests. */
const open = async (browser, address, options) => {
    const context = await browser.newContext(options);
    const page = await context.newPage();
    const found = [];
    await page.addInitScript(() => {
        window.violations = [];
        document.addEventListener("securitypolicyviolation", (event) => {
            window.violations.push(`${event.violatedDirective}: ${event.blockedURI} ${event.sample}`);
        });
    });
    page.on("pageerror", (error) => found.push(`error: ${error.message}`));
    page.on("console", (message) => {
        if (["error", "warning"].includes(message.type())) {
            found.push(`console: ${message.text()}`);
        }
    });
    page.on("request", (request) => {
        const host = new URL(request.url()).host;
        if (request.url().startsWith("http") && host !== new URL(address).host) {
            found.push(`asks another host: ${request.url()}`);
        }
    });
    await page.goto(address, { waitUntil: "load" });
    await page.waitForTimeout(200);
    return { page, close: () => context.close(), found };
};

const quiet = async (opened) => {
    const violations = await opened.page.evaluate(() => window.violations);
    const all = violations.concat(opened.found);
    expect(all.length === 0, all.join("\n"));
};

const accessible = async (opened) => {
    const axe = require("axe-core");
    await opened.page.evaluate(axe.source);
    const result = await opened.page.evaluate(() => window.axe.run(document, {
        runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }));
    const words = result.violations.flatMap((one) =>
        one.nodes.slice(0, 4).map((node) => `${one.id}: ${node.target.join(" ")}: ${node.failureSummary}`));
    expect(words.length === 0, words.join("\n"));
};

/* Nothing sticks out to the right but what scrolls within its own frame. */
const fits = async (opened) => {
    const wide = await opened.page.evaluate(() => {
        const width = document.documentElement.clientWidth;
        const out = [...document.querySelectorAll("body *")].filter((one) => {
            const box = one.getBoundingClientRect();
            return box.right > width + 1 && box.width > 1 && !one.closest(".table-frame, .top-nav, .tabs, pre");
        });
        return document.documentElement.scrollWidth > width
            ? [`the page scrolls to ${document.documentElement.scrollWidth} of ${width}`,
                ...out.slice(0, 5).map((one) => `${one.tagName} ${one.className}`)]
            : [];
    });
    expect(wide.length === 0, wide.join("\n"));
};

const valid = async (html, name) => {
    const { HtmlValidate } = require("html-validate");
    const validator = new HtmlValidate({
        extends: ["html-validate:standard"],
        rules: {
            "doctype-style": "off", /* small letters are as good */
            "no-trailing-whitespace": "off", /* that is what {{if}} leaves */
            "attribute-boolean-style": "off",
            "void-style": "off",
            "no-redundant-role": "off",
            "prefer-native-element": "off",
            "long-title": "off",
            "no-dup-class": "error",
        },
    });
    const report = await validator.validateString(html, name);
    const words = report.results.flatMap((one) =>
        one.messages.slice(0, 12).map((m) => `${name}:${m.line}:${m.column}: ${m.ruleId}: ${m.message}`));
    expect(words.length === 0, words.join("\n"));
};

module.exports = { accessible, fits, open, quiet, valid };
