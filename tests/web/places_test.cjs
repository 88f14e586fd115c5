/* places_test.cjs PROGRAM: pages with hostile values in every place, taken apart by the browser. */
"use strict";

const { execFileSync } = require("node:child_process");
const { browser, expect, run } = require("./harness.cjs");

const program = process.argv[2];

/* In the browser: what is wrong with one page, or null. */
const look = ({ cases }) => {
    const shape = (node) => [node.localName, [...node.attributes].map((one) => one.name),
        [...node.children].map(shape)];
    const parse = (html) => new DOMParser().parseFromString(html, "text/html");
    const calm = JSON.stringify(shape(parse(cases.find((one) => /^[a-z]*$/.test(one.value)).html).documentElement));
    const wrong = ({ value, html }) => {
        const page = parse(html);
        if (JSON.stringify(shape(page.documentElement)) !== calm) {
            return "another shape";
        }
        const $ = (selector) => page.querySelector(selector);
        const places = {
            title: $("title").textContent,
            class: $("body").getAttribute("class"),
            data: $("body").dataset.a,
            text: $("#text").textContent,
            t: $("#t").textContent,
            "title attribute": $("p[title]").getAttribute("title"),
            pre: $("#pre").textContent,
            textarea: $("textarea").textContent,
            input: $('input[name="words"]').getAttribute("value"),
            option: $("option").getAttribute("value"),
            json: JSON.parse($("script").textContent),
        };
        for (const [name, got] of Object.entries(places)) {
            if (got !== value) {
                return `${name}: ${JSON.stringify(got)}`;
            }
        }
        if ($("#joined").textContent !== value + value) {
            return "joined";
        }
        for (const link of page.querySelectorAll("li a")) {
            const url = new URL(link.getAttribute("href"), "https://site.example/here");
            const parts = url.pathname.split("/");
            const segment = ["", ".", ".."].includes(value) ? "\uFFFD" : value;
            if (url.host !== "site.example" || parts.length !== 5 || parts[2] !== "people"
                || decodeURIComponent(parts[3]) !== segment || parts[4] !== "rows") {
                return `path: ${url.href}`;
            }
            const query = url.search.slice(1).split("&").map((one) => one.split("=").map(decodeURIComponent));
            if (query.length !== 2 || query[0][1] !== value || decodeURIComponent(url.hash) !== `#at-${value}`) {
                return `query: ${url.href}`;
            }
        }
        return null;
    };
    return cases.map((one) => [one.value, wrong(one)]).filter(([, fault]) => fault);
};

const tests = {
    "a browser reads every value back from every place": async () => {
        const cases = JSON.parse(execFileSync(program, ["--dump"], { maxBuffer: 1 << 28 }).toString());
        expect(cases.length >= 300, `only ${cases.length} pages`);
        const chromium = await browser();
        const page = await chromium.newPage();
        const faults = await page.evaluate(look, { cases });
        const planted = await page.evaluate(look, {
            cases: [cases.find((one) => /^[a-z]*$/.test(one.value)),
                { value: "<b>", html: cases[0].html.replace('<p id="text">', '<p id="text"><b></b>') }],
        });
        await chromium.close();
        expect(faults.length === 0, faults.slice(0, 5).map((one) => one.join(": ")).join("\n"));
        expect(planted.length === 1, "a planted element was not seen");
    },
};

run(tests);
