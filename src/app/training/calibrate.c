#include "app/training/calibrate.h"

#include <string.h>

#include "app/training/calibrate_level2.h"
#include "app/training/leak.h"
#include "app/training/realism.h"
#include "app/training/training.h"
#include "core/arena.h"
#include "core/date.h"
#include "core/file.h"
#include "core/json.h"

enum { WEEKS_A_YEAR = 52 };

/* ---- citation ---- */

/* How to cite data sets whose format is known to be public. */
static const struct {
    const char *format, *citation;
} citations[] = {
    {"online-retail-raw", "Chen 2015, Online Retail, UCI Machine Learning Repository, CC BY 4.0"},
    {"online-retail-labelled",
     "Chen 2015, Online Retail, UCI Machine Learning Repository, CC BY 4.0"},
};

static const char *citation_of(const struct json *files)
{
    for (size_t i = 0; i < json_count(files); i++) {
        struct json file = json_item(files, i), field = json_child(&file, "format");
        struct str format;
        for (size_t c = 0; json_text(&field, &format) && c < COUNT_OF(citations); c++)
            if (str_equal_c(format, citations[c].format))
                return citations[c].citation;
    }
    return "";
}

static enum err read_citation(struct arena *arena, const char *folder, const char **citation,
                              struct problem *problem)
{
    struct json_document *document;
    struct json root;
    TRY(json_read_file(path_join(arena, folder, "dataset.json"), &document, &root, problem));
    struct json files = json_child(&root, "files");
    *citation = citation_of(&files);
    json_close(document);
    return ERR_OK;
}

/* ---- work ---- */

/* The day after the data, moved on by whole years of 52 weeks until the rules of the main country
 * hold, so that weekday and season stay. */
static void choose_start(struct calibrate_work *work, int32_t day_after)
{
    uint16_t best = 0;
    for (uint16_t c = 1; c < work->source.summary.countries; c++)
        if (best == 0 || work->source.countries[c].units > work->source.countries[best].units)
            best = c;
    struct str country = best ? dataset_country(work->dataset, best) : STR("ZZ");
    work->facts.start_date = day_after;
    for (int year = 0; year < CALIBRATE_SHIFT_YEARS_MAX; year++) {
        if (calibrate_is_covered(&work->facts, country))
            return;
        work->facts.start_date += 7 * WEEKS_A_YEAR;
    }
    work->facts.start_date = day_after;
}

static enum err work_make(struct arena *arena, const char *dataset, const char *data_folder,
                          bool has_until, int32_t until, struct calibrate_work *work,
                          struct problem *problem)
{
    const char *citation;
    if (!data_folder)
        TRY(data_folder_find(arena, &data_folder, problem));
    TRY(calibrate_fx_read(arena, data_folder, &work->fx, problem));
    TRY(dataset_open(arena, dataset, &work->dataset, problem));
    TRY(read_citation(arena, dataset, &citation, problem));
    TRY(calibrate_source_open(arena, work->dataset, &work->fx, has_until, until, &work->source,
                              problem));
    work->facts = (struct calibrate_facts){.data_folder = data_folder, .fx = &work->fx};
    if (!currency_from_code(STR("CNY"), &work->facts.home))
        return problem_set(problem, ERR_INTERNAL, ERR_CTEXT("CNY"));
    work->facts.home_per_usd = calibrate_fx_per_usd(&work->fx, work->facts.home);
    if (work->facts.home_per_usd <= 0.0)
        return problem_set(problem, ERR_CURRENCY_UNKNOWN, ERR_CTEXT("CNY"),
                           ERR_CTEXT("data/fx/usd.csv"));
    int32_t last = work->source.summary.day_last;
    choose_start(work, has_until && until <= last ? until : last + 1);
    TRY(calibrate_fit(arena, &work->source, calibrate_is_covered, &work->facts, &work->fit,
                      problem));
    return calibrate_scenario_make(arena, &work->source, &work->fit, &work->facts,
                                   str_from_c(citation), &work->scenario, &work->made, problem);
}

enum err calibrate_work_make(struct arena *arena, const char *dataset, const char *data_folder,
                             bool has_until, int32_t until, struct calibrate_work *work,
                             struct problem *problem)
{
    memset(work, 0, sizeof(*work));
    enum err code = work_make(arena, dataset, data_folder, has_until, until, work, problem);
    if (code != ERR_OK)
        calibrate_work_close(work);
    return code;
}

void calibrate_work_close(struct calibrate_work *work)
{
    if (work->dataset)
        dataset_close(work->dataset);
    work->dataset = NULL;
}

/* ---- the command ---- */

static enum err report_all(struct arena *arena, struct calibrate_work *work,
                           const struct training_calibrate_options *options, struct buf *report,
                           struct problem *problem)
{
    calibrate_report_append(arena, work, options->lang, report);
    if (options->has_until)
        TRY(realism_report_append(arena, work, options->lang, report, problem));
    TRY(leak_report_append(arena, work, options->lang, report, problem));
    calibrate_count_append(arena, work, options->lang, report);
    return ERR_OK;
}

enum err training_calibrate(const struct training_calibrate_options *options, struct buf *report,
                            struct problem *problem)
{
    if (file_exists(options->out)) {
        problem_set0(problem, ERR_FILE_EXISTS);
        return problem_place(problem, "%s", options->out);
    }
    struct arena arena;
    arena_init(&arena);
    struct calibrate_work work;
    enum err code = calibrate_work_make(&arena, options->dataset, options->data_folder,
                                        options->has_until, options->until, &work, problem);
    if (code == ERR_OK) {
        if (options->level == 2)
            code = calibrate_level2_open(&arena, work.facts.home_per_usd, &work.scenario, problem);
        if (code == ERR_OK)
            code = report_all(&arena, &work, options, report, problem);
        if (code == ERR_OK)
            code = scenario_write(options->out, &work.scenario, problem);
        calibrate_work_close(&work);
    }
    arena_clear(&arena);
    return code;
}
