/* training: what lists and fields of a firm's decisions are called on pages; files keep their
 * names. */
#include <string.h>

#include "app/training/runs.h"

struct word {
    const char *name, *label;
};

static const struct word lists[] = {
    {"listings", N_("Listings decided")},
    {"orders", N_("Orders to suppliers")},
    {"transfers", N_("Transfers of stock")},
    {"removals", N_("Removals of stock")},
    {"forecasts", N_("Forecasts")},
    {"reorders", N_("Standing reorder rules")},
    {"campaigns", N_("Campaigns")},
    {"brand", N_("Brand spending")},
    {"live_sessions", N_("Live sessions")},
    {"customs", N_("Customs declarations")},
    {"registrations", N_("Registrations")},
    {"refund_claims", N_("Refund claims")},
    {"loans", N_("Loans")},
    {"conversions", N_("Currency conversions")},
    {"payout", N_("Payouts")},
    {"forwards", N_("Forward contracts")},
    {"certificates", N_("Certificates")},
    {"agents", N_("Responsible persons and service")},
    {"ip_checks", N_("Brand checks")},
    {"answers", N_("Answers to incidents")},
    {"team", N_("Team")},
    {"quotes", N_("Quotes")},
};

static const struct word fields[] = {
    {"product", N_("Product")},
    {"market", N_("Market")},
    {"channel", N_("Channel")},
    {"live", N_("On sale")},
    {"price", N_("Price")},
    {"coupon", N_("Coupon")},
    {"lane", N_("Lane")},
    {"promise_days", N_("Days promised")},
    {"return_days", N_("Days to return")},
    {"duty_paid", N_("Duty paid")},
    {"bundle_units", N_("Pieces in a bundle")},
    {"title_terms", N_("Words of the title")},
    {"content_spend", N_("Spent on content")},
    {"translation", N_("Translation")},
    {"supplier", N_("Supplier")},
    {"units", N_("Pieces")},
    {"inspect", N_("Inspected")},
    {"insured", N_("Insured")},
    {"point", N_("Reorder point")},
    {"up_to", N_("Up to")},
    {"query_group", N_("Search words")},
    {"bid", N_("Bid")},
    {"cap", N_("Most a day")},
    {"exclusions", N_("Left out")},
    {"brand_spend", N_("Spent on the brand")},
    {"social_spend", N_("Spent on social media")},
    {"mode", N_("Customs mode")},
    {"hs", N_("HS class")},
    {"declared_value", N_("Declared value")},
    {"ioss", N_("IOSS")},
    {"vat", N_("VAT")},
    {"amount", N_("Amount")},
    {"take", N_("Taken")},
    {"repay", N_("Repaid")},
    {"from", N_("From")},
    {"to", N_("To")},
    {"convert", N_("Converted")},
    {"currency", N_("Currency")},
    {"days", N_("Days")},
    {"apply", N_("Applied for")},
    {"responsible_person", N_("Responsible person")},
    {"service_hours", N_("Hours of service")},
    {"incident", N_("Incident")},
    {"choice", N_("Choice")},
    {"text", N_("Text")},
    {"training_spend", N_("Spent on training")},
    {"memo", N_("Memo")},
    {"exit_plan", N_("Exit plan")},
    {"request", N_("Request")},
};

static const char *find(const struct word *words, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(words[i].name, name) == 0)
            return words[i].label;
    }
    return name;
}

const char *runs_list_label(const char *name)
{
    return find(lists, COUNT_OF(lists), name);
}

const char *runs_field_label(const char *name)
{
    return find(fields, COUNT_OF(fields), name);
}
