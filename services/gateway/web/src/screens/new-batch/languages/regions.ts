export type Region = "americas" | "europe" | "asia" | "middleEast" | "africa" | "oceania";

export const REGIONS: readonly Region[] = [
  "americas",
  "europe",
  "asia",
  "middleEast",
  "africa",
  "oceania",
];

// Territories as the tags of languages name them.
const TERRITORIES: Record<Region, string> = {
  americas: "029 419 AR BO BR CA CL CO GT HT MX PE PR PY US UY VE GL",
  europe:
    "AD AL AM AT AZ BA BE BG BY CH CY CZ DE DK EE ES FI FO FR GB GE GR HR HU IE IS IT LT LU LV MD ME MK MT NL NO PL PT RO RS RU SE SI SK UA VA XK",
  asia: "BD BN BT CN HK ID IN JP JV KG KH KR KZ LA LK MM MN MO MV MY NP PH PK SG TH TJ TM TW UZ VN",
  middleEast: "001 AE AF BH EG IL IQ IR JO KW LB OM PS QA SA SY TR XA YE",
  africa:
    "AO BF BW CD CI CM CV DZ ET GH KE LR LS LY MA MG ML MW MZ NE NG RW SD SL SN SO TD TG TN TZ UG ZA ZM ZW",
  oceania: "AU FJ NZ PG TO WS",
};

const BY_TERRITORY = new Map(
  REGIONS.flatMap((region) =>
    TERRITORIES[region].split(" ").map((code) => [code, region] as const),
  ),
);

/** Returns where a language is spoken by its tag; null where the tag does not say. */
export function regionOf(code: string): Region | null {
  for (const part of code.split("-").slice(1)) {
    if (part === "x") return null;
    const region = BY_TERRITORY.get(part);
    if (region) return region;
  }
  return null;
}
