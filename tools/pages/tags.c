/* pages/tags: what a start tag must have, and what may not go together. */
#include <string.h>

#include "parts.h"

static bool note_add(const struct markup *markup, struct note *notes, int *count, const char *at,
                     struct str id)
{
    if (*count == NOTES_MAX)
        return complain(markup->compiler, at, "more than %d controls or labels in one page",
                        NOTES_MAX);
    notes[(*count)++] = (struct note){at, str_copy(markup->compiler->arena, id)};
    return true;
}

static bool check_form(struct markup *markup)
{
    const struct attribute *method = attribute_find(markup, "method");
    const struct attribute *post = attribute_find(markup, "hx-post");
    bool is_post = attribute_is(method, "post");
    if (method != NULL && !is_post && !attribute_is(method, "get"))
        return complain(markup->compiler, method->name.text,
                        "the method of a form is \"get\" or \"post\", written out and outside of "
                        "{{if}}");
    if (post != NULL && !is_post)
        return complain(markup->compiler, post->name.text,
                        "hx-post needs method=\"post\" on the form, so that its hidden token goes "
                        "along and it works without scripts");
    return true;
}

static bool check_script(struct markup *markup)
{
    const struct attribute *type = attribute_find(markup, "type");
    const struct attribute *src = attribute_find(markup, "src");
    if (src != NULL && src->conditional)
        return complain(markup->compiler, src->name.text,
                        "src of a script inside {{if}}; put the "
                        "whole <script> into the {{if}}");
    if (src == NULL && !attribute_is(type, "application/json"))
        return complain(markup->compiler, markup->tag_at,
                        "an inline script; use <script src=\"/static/...\">, and for data <script "
                        "type=\"application/json\">{{json ...}}</script>");
    if (src != NULL && type != NULL && !attribute_is(type, "module"))
        return complain(markup->compiler, type->name.text,
                        "a script with src has no other type than \"module\"");
    return true;
}

static bool needs_label(const struct markup *markup)
{
    static const char *const without[] = {"hidden", "submit", "button", "reset", "image"};
    const struct attribute *type = attribute_find(markup, "type");
    if (str_equal_c(markup->tag, "select") || str_equal_c(markup->tag, "textarea"))
        return true;
    if (!str_equal_c(markup->tag, "input"))
        return false;
    for (size_t i = 0; i < COUNT_OF(without); i++) {
        if (attribute_is(type, without[i]))
            return false;
    }
    return true;
}

static bool check_control(struct markup *markup)
{
    const struct attribute *label = attribute_find(markup, "aria-label");
    const struct attribute *labelled = attribute_find(markup, "aria-labelledby");
    if ((label != NULL && !label->conditional) || (labelled != NULL && !labelled->conditional) ||
        element_open(markup, "label"))
        return true;
    const struct attribute *id = attribute_find(markup, "id");
    return note_add(markup, markup->controls, &markup->control_count, markup->tag_at,
                    id == NULL ? STR("") : buf_str(&id->raw));
}

/* What a stylesheet or htmx's settings are must not come from data. */
static bool check_head(struct markup *markup)
{
    const struct attribute *rel = attribute_find(markup, "rel");
    const struct attribute *href = attribute_find(markup, "href");
    const struct attribute *name = attribute_find(markup, "name");
    const struct attribute *content = attribute_find(markup, "content");
    bool loads = attribute_is(rel, "stylesheet") || attribute_is(rel, "icon") || rel == NULL ||
                 attribute_is(rel, "preload") || attribute_is(rel, "modulepreload");
    if (str_equal_c(markup->tag, "link") && loads && href != NULL && href->computed)
        return complain(markup->compiler, href->name.text,
                        "a value in the address of what the page loads; write it out");
    if (str_equal_c(markup->tag, "meta") && content != NULL && content->computed &&
        !attribute_is(name, "description") && !attribute_is(name, "author"))
        return complain(markup->compiler, content->name.text,
                        "a value in <meta>; only name=\"description\" or \"author\" may hold one");
    return true;
}

bool tag_check(struct markup *markup)
{
    struct str tag = markup->tag;
    const struct attribute *translate = attribute_find(markup, "translate");
    if (translate != NULL && !attribute_is(translate, "no") && !attribute_is(translate, "yes"))
        return complain(markup->compiler, translate->name.text,
                        "translate is \"no\" or \"yes\", written out and outside of {{if}}");
    const struct attribute *post = attribute_find(markup, "hx-post");
    if (post != NULL && !str_equal_c(tag, "form"))
        return complain(
            markup->compiler, post->name.text,
            "hx-post on <%.*s>; only on <form method=\"post\">, whose hidden token goes "
            "along",
            (int)tag.length, tag.text);
    bool image_input =
        str_equal_c(tag, "input") && attribute_is(attribute_find(markup, "type"), "image");
    if ((str_equal_c(tag, "img") || image_input) && attribute_find(markup, "alt") == NULL)
        return complain(markup->compiler, markup->tag_at,
                        "an image without alt; say what it shows, or alt=\"\" for ornament");
    if (str_equal_c(tag, "link") || str_equal_c(tag, "meta"))
        return check_head(markup);
    if (str_equal_c(tag, "form"))
        return check_form(markup);
    if (str_equal_c(tag, "script"))
        return check_script(markup);
    if (str_equal_c(tag, "label")) {
        const struct attribute *aim = attribute_find(markup, "for");
        if (aim != NULL && !note_add(markup, markup->labels, &markup->label_count, markup->tag_at,
                                     buf_str(&aim->raw)))
            return false;
    }
    return !needs_label(markup) || check_control(markup);
}

bool labels_check(const struct markup *markup)
{
    for (int i = 0; i < markup->control_count; i++) {
        const struct note *control = &markup->controls[i];
        bool found = false;
        for (int k = 0; k < markup->label_count && !found; k++)
            found = control->id.length > 0 && str_equal(markup->labels[k].id, control->id);
        if (!found)
            return complain(markup->compiler, control->at,
                            "a control without a label; write <label for> with its id in the same "
                            "page, or aria-label, or aria-labelledby");
    }
    return true;
}
