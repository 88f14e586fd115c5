/* Small comforts; every page works without them. */
"use strict";

/* While an input method composes, what is typed is half a word: no one hears of it until it is
 * whole, so that nothing is searched or saved half-way. */
document.addEventListener("input", (event) => {
    if (event.isComposing) {
        event.stopImmediatePropagation();
    }
}, true);
document.addEventListener("compositionend", (event) => {
    event.target.dispatchEvent(new Event("input", { bubbles: true }));
}, true);

/* Enter that ends a composition does not send the form. */
document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.isComposing || event.keyCode === 229)) {
        event.stopImmediatePropagation();
    }
}, true);

/* A form is sent once; a second click while the first is under way does nothing. */
document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) {
        return;
    }
    if (form.dataset.sent) {
        event.preventDefault();
        return;
    }
    form.dataset.sent = "yes";
});
window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) {
        delete form.dataset.sent;
    }
});
