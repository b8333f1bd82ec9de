/** Entry point that Home Assistant's pages load: makes the card and the dashboard known to them. */

/** @import { StrategyConfig } from "./dashboard/strategy-config.js" */
/** @import { Hass } from "./ui/home-assistant-types.js" */

import { DlsPbxFrontDesk } from "./card/card.js";
import { dashboard } from "./dashboard/strategy.js";
import { texts } from "./ui/texts.js";

const CARD = "dls-pbx-front-desk";
const DASHBOARD = "dls-pbx";

/** Home Assistant finds strategies among the elements, though this one is never shown. */
class DlsPbxDashboardStrategy extends HTMLElement {
  /** @type {(config: StrategyConfig, hass: Hass) => Promise<object>} */
  static async generate(config, hass) {
    // Nothing waits for it: Home Assistant itself shows a card as soon as there is one of that name.
    void import("./dashboard/hours-card.js");
    const [{ entries }, t] = await Promise.all([hass.callWS({ type: "dls_pbx/layout" }), texts(hass)]);
    return dashboard(entries, t, `/${location.pathname.split("/")[1]}`, config);
  }

  static getConfigElement() {
    return import("./dashboard/strategy-editor.js").then(({ strategyEditor }) => strategyEditor());
  }

  static getCreateSuggestions() {
    return { title: "DLS Hosted PBX", icon: "mdi:phone-in-talk" };
  }
}

// A page that was open during an update has the old ones already, and keeps them.
if (!customElements.get(CARD)) {
  customElements.define(CARD, DlsPbxFrontDesk);
  customElements.define(`ll-strategy-dashboard-${DASHBOARD}`, DlsPbxDashboardStrategy);
  const about = {
    description: "Who waits, who is free, who talks to whom, and who must be called back",
    documentationURL: "https://github.com/dls-pbx/home-assistant-dls-pbx#dashboard",
  };
  const page = /** @type {{customCards?: object[], customStrategies?: object[]}} */ (window);
  (page.customCards ??= []).push({ type: CARD, name: "DLS Hosted PBX front desk", preview: true, ...about });
  const dashboards = (page.customStrategies ??= []);
  dashboards.push({ type: DASHBOARD, strategyType: "dashboard", name: "DLS Hosted PBX", ...about });
}
