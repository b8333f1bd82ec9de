/** What Home Assistant's pages load: makes the card and the dashboard known to them. */

import { DlsPbxFrontDesk } from "./card.js";
import { DlsPbxDashboardStrategy } from "./strategy.js";
import { texts } from "./texts.js";

const CARD = "dls-pbx-front-desk";
const DASHBOARD = "dls-pbx";
const STRATEGY = `ll-strategy-dashboard-${DASHBOARD}`;

/** A page that was open during an update has the old ones already, and keeps them. */
if (!customElements.get(CARD)) {
  customElements.define(CARD, DlsPbxFrontDesk);
  // Home Assistant looks for strategies among the elements; none of them is ever made.
  customElements.define(
    STRATEGY,
    class extends HTMLElement {
      static generate = DlsPbxDashboardStrategy.generate;
      static getCreateSuggestions = DlsPbxDashboardStrategy.getCreateSuggestions;
    },
  );
  const t = texts(document.documentElement.lang || navigator.language);
  const documentationURL = "https://github.com/dls-pbx/home-assistant-dls-pbx#dashboard";
  const shown = { description: t("card.description"), documentationURL };
  const page = /** @type {{customCards?: object[], customStrategies?: object[]}} */ (window);
  (page.customCards ??= []).push({ type: CARD, name: t("card.name"), preview: true, ...shown });
  (page.customStrategies ??= []).push({ type: DASHBOARD, strategyType: "dashboard", name: "DLS Hosted PBX", ...shown });
}
