/** Editor of the card's options: Home Assistant's own form, filled with the PBXs and queues that there are. */

/** @import { Layout } from "../data/layout-types.js" */
/** @import { Translate } from "../data/model-types.js" */
/** @import { Hass } from "../ui/home-assistant-types.js" */

import { field, pbxField, queuesField, select } from "../ui/form-fields.js";
import { texts } from "../ui/texts.js";
import { DEFAULTS, SECTIONS, settings } from "./settings.js";

const HELP = ["service_level_red", "wall", "chime"];

/** One that has a value where nothing is set. @type {(name: keyof typeof DEFAULTS, selector: object) => object} */
const withDefault = (name, selector) => ({ ...field(name, selector), default: DEFAULTS[name] });

/** @type {(unit?: string, max?: number) => object} */
const number = (unit, max) => ({ number: { mode: "box", min: 0, max, unit_of_measurement: unit } });

/** @type {(entries: Layout[], t: Translate) => object[]} */
function schema(entries, t) {
  const sections = SECTIONS.map((value) => ({ value, label: t(`section_${value}`) }));
  return [
    ...pbxField(entries),
    field("title", { text: {} }),
    queuesField(entries),
    withDefault("sections", select(sections, { multiple: true, reorder: true })),
    withDefault("wall", { boolean: {} }),
    withDefault("chime", { boolean: {} }),
    {
      type: "grid",
      name: "",
      schema: [
        withDefault("wait_amber", number("s")),
        withDefault("wait_red", number("s")),
        withDefault("waiting_amber", number()),
        withDefault("waiting_red", number()),
        field("service_level_red", number("%", 100)),
      ],
    },
  ];
}

/** Home Assistant's form for the card's options, with the names and choices of whoever edits. */
export async function form() {
  // The dialog asks for the form without saying for whom.
  const { hass } = /** @type {HTMLElement & {hass: Hass}} */ (document.querySelector("home-assistant"));
  const [t, { entries }] = await Promise.all([texts(hass), hass.callWS({ type: "dls_pbx/layout" })]);
  return {
    schema: schema(entries, t),
    computeLabel: (/** @type {{name: string}} */ { name }) => name && t(`editor_${name}`),
    computeHelper: (/** @type {{name: string}} */ { name }) => (HELP.includes(name) ? t(`editor_${name}_help`) : ""),
    assertConfig: settings,
  };
}
