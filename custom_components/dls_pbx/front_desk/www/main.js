/** Entry point that every page of Home Assistant loads: makes the cards and the dashboard known, and loads none of them. */

/** @import { StrategyConfig } from "./dashboard/strategy-config.js" */
/** @import { Hass } from "./ui/home-assistant-types.js" */
/** @import { CardKind } from "./ui/lazy-card.js" */

import { lazyCard } from "./ui/lazy-card.js";
import { texts } from "./ui/texts.js";

const DASHBOARD = "dls-pbx";

/** By the names that dashboards have for them. @type {Readonly<Record<string, CardKind & {name: string, description: string}>>} */
const CARDS = {
  "dls-pbx-front-desk": {
    name: "DLS Hosted PBX front desk",
    description: "Who waits, who is free, who talks to whom, and who must be called back",
    load: () => import("./front_desk/card.js"),
    size: 12,
  },
  "dls-pbx-messages": {
    name: "DLS Hosted PBX messages",
    description: "Text messages by conversation, and a box to answer",
    load: () => import("./messages/card.js"),
    size: 12,
  },
  "dls-pbx-call-log": {
    name: "DLS Hosted PBX call log",
    description: "The calls of any day, with search, recordings and export",
    load: () => import("./call_log/card.js"),
    size: 12,
  },
  "dls-pbx-trends": {
    name: "DLS Hosted PBX trends",
    description: "When callers call, this week beside the last, and the service level of each day",
    load: () => import("./trends/card.js"),
    size: 10,
  },
  "dls-pbx-lists": {
    name: "DLS Hosted PBX lists",
    description: "Who may be texted, and contacts of the dialer; for administrators",
    load: () => import("./lists/card.js"),
    size: 8,
  },
};

/** Home Assistant finds strategies among the elements, though this one is never shown. */
class DlsPbxDashboardStrategy extends HTMLElement {
  /** @type {(config: StrategyConfig, hass: Hass) => Promise<object>} */
  static async generate(config, hass) {
    // It is on the first page: better on its way before anybody asks for it. Who wants it then says what is wrong.
    import("./front_desk/card.js").catch(() => {});
    import("./front_desk/section-loader.js").then(({ preload }) => preload()).catch(() => {});
    // What the views are made of, the words for it, and what makes them: none waits for another.
    const [{ entries }, t, { dashboard }] = await Promise.all([
      hass.callWS({ type: "dls_pbx/layout" }),
      texts(hass),
      import("./dashboard/strategy.js"),
    ]);
    return dashboard(entries, t, `/${location.pathname.split("/")[1]}`, config, hass.user?.is_admin);
  }

  static getConfigElement() {
    return import("./dashboard/strategy-editor.js").then(({ strategyEditor }) => strategyEditor());
  }

  static getCreateSuggestions() {
    return { title: "DLS Hosted PBX", icon: "mdi:phone-in-talk" };
  }
}

const documentationURL = "https://github.com/dls-pbx/home-assistant-dls-pbx#dashboard";

function define() {
  const page = /** @type {{customCards?: object[], customStrategies?: object[]}} */ (window);
  const strategy = `ll-strategy-dashboard-${DASHBOARD}`;
  // A page that was open during an update has the old ones already, and keeps them.
  if (customElements.get(strategy)) return;
  for (const [tag, kind] of Object.entries(CARDS)) {
    customElements.define(tag, lazyCard(tag, kind));
    const { name, description } = kind;
    (page.customCards ??= []).push({ type: tag, name, description, preview: true, documentationURL });
  }
  customElements.define(strategy, DlsPbxDashboardStrategy);
  const description = "Front desk, messages, calls, queues, phones and history of an office";
  const offer = { type: DASHBOARD, strategyType: "dashboard", name: "DLS Hosted PBX", description, documentationURL };
  (page.customStrategies ??= []).push(offer);
}

// For browsers of before, Home Assistant puts a registry of elements of its own in the place of the browser's, and what
// was defined before that is forgotten.
void customElements.whenDefined("home-assistant").then(define);
