/* Draws each <figure class="chart"> from the JSON it carries. Its table says the same.
 *
 * {"kind": "line" | "bar" | "stacked" | "scatter", "categories": [...], "format": NAME,
 *  "series": [{"name": ..., "values": [...]}], "x": title, "y": title}
 *
 * Values are exact decimal texts or null. Colours are those of the style sheet, so a chart follows
 * light and dark. Tooltips are drawn in the canvas: no markup is made from data.
 */
"use strict";

(() => {
    const lang = document.documentElement.lang || "en";
    const formats = {
        number: new Intl.NumberFormat(lang, { maximumFractionDigits: 2 }),
        money: new Intl.NumberFormat(lang, { minimumFractionDigits: 2, maximumFractionDigits: 2 }),
        percent: new Intl.NumberFormat(lang, { style: "percent", maximumFractionDigits: 1 }),
    };
    const short = new Intl.NumberFormat(lang, { notation: "compact", maximumFractionDigits: 1 });

    const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
    const number = (text) => (text === null ? null : Number(text));

    const format = (data, value) =>
        value === null || value === undefined || Number.isNaN(value)
            ? "–"
            : (formats[data.format] || formats.number).format(value);
    const onAxis = (data) => (value) =>
        data.format === "percent" ? formats.percent.format(value) : short.format(value);

    const axis = (title, extra) => ({
        name: title || "",
        nameLocation: "middle",
        nameTextStyle: { color: token("--muted") },
        axisLabel: { color: token("--muted"), hideOverlap: true },
        axisLine: { lineStyle: { color: token("--line-strong") } },
        splitLine: { lineStyle: { color: token("--line") } },
        ...extra,
    });

    const common = (data) => ({
        animation: false,
        color: [1, 2, 3, 4, 5, 6].map((i) => token(`--chart-${i}`)),
        textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: token("--text") },
        grid: { left: 16, right: 24, top: data.series.length > 1 ? 40 : 16, bottom: 36, containLabel: true },
        legend: {
            show: data.series.length > 1 && data.kind !== "scatter",
            type: "scroll",
            top: 0,
            textStyle: { color: token("--text") },
            pageTextStyle: { color: token("--muted") },
        },
        tooltip: {
            renderMode: "richText",
            confine: true,
            backgroundColor: token("--surface"),
            borderColor: token("--line-strong"),
            textStyle: { color: token("--text") },
        },
    });

    const along = (data) => ({
        ...common(data),
        tooltip: {
            ...common(data).tooltip,
            trigger: "axis",
            formatter: (points) =>
                [points[0].axisValueLabel]
                    .concat(points.map((point) => `${point.seriesName}: ${format(data, point.value)}`))
                    .join("\n"),
        },
        xAxis: axis(data.x, { type: "category", data: data.categories, nameGap: 28 }),
        yAxis: axis(data.y, {
            type: "value",
            nameGap: 48,
            axisLabel: { color: token("--muted"), formatter: onAxis(data) },
        }),
        series: data.series.map((one, i) => ({
            name: one.name,
            type: data.kind === "line" ? "line" : "bar",
            stack: data.kind === "stacked" ? "all" : undefined,
            barMaxWidth: 40,
            symbol: ["circle", "rect", "triangle", "diamond", "pin", "roundRect"][i % 6],
            symbolSize: 7,
            lineStyle: { width: 2, type: i < 6 ? "solid" : "dashed" },
            data: one.values.map(number),
        })),
    });

    /* Points: the first series is across, the second up, the categories are their names. */
    const scatter = (data) => ({
        ...common(data),
        tooltip: {
            ...common(data).tooltip,
            formatter: (point) =>
                [
                    data.categories[point.dataIndex],
                    `${data.series[0].name}: ${format(data, point.value[0])}`,
                    `${data.series[1].name}: ${format(data, point.value[1])}`,
                ].join("\n"),
        },
        xAxis: axis(data.series[0].name, {
            type: "value",
            nameGap: 28,
            scale: true,
            axisLabel: { color: token("--muted"), formatter: onAxis(data), hideOverlap: true },
        }),
        yAxis: axis(data.series[1].name, {
            type: "value",
            nameLocation: "end",
            nameGap: 14,
            nameTextStyle: { color: token("--muted"), align: "left" },
            scale: true,
            axisLabel: { color: token("--muted"), formatter: onAxis(data) },
        }),
        series: [
            {
                type: "scatter",
                symbolSize: 9,
                data: data.series[0].values.map((x, i) => [number(x), number(data.series[1].values[i])]),
            },
        ],
    });

    const kinds = { line: along, bar: along, stacked: along, scatter };

    const draw = (figure) => {
        const source = figure.querySelector('script[type="application/json"]');
        const place = figure.querySelector(".chart-canvas");
        const data = JSON.parse(source.textContent);
        if (!kinds[data.kind]) {
            return;
        }
        figure.classList.add("chart-drawn");
        const chart = echarts.init(place, null, { renderer: "canvas" });
        const paint = () => chart.setOption(kinds[data.kind](data), true);
        paint();
        new ResizeObserver(() => chart.resize()).observe(place);
        matchMedia("(prefers-color-scheme: dark)").addEventListener("change", paint);
        matchMedia("print").addEventListener("change", paint);
        new MutationObserver(paint).observe(document.documentElement, {
            attributes: true,
            attributeFilter: ["data-theme"],
        });
    };

    for (const figure of document.querySelectorAll(".chart")) {
        draw(figure);
    }
})();
