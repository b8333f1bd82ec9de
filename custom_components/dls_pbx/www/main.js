/** What Home Assistant's pages load: makes the card and the dashboard known to them. */

import { DlsPbxFrontDesk } from "./card.js";
import { DlsPbxDashboardStrategy } from "./strategy.js";

const CARD = "dls-pbx-front-desk";
const DASHBOARD = "dls-pbx";
const STRATEGY = `ll-strategy-dashboard-${DASHBOARD}`;

/** A page that was open during an update has the old ones already, and keeps them. */
if (!customElements.get(CARD)) {
  customElements.define(CARD, DlsPbxFrontDesk);
  customElements.define(STRATEGY, DlsPbxDashboardStrategy);
  const documentationURL = "https://github.com/dls-pbx/home-assistant-dls-pbx#dashboard";
  const shown = {
    description: "Who waits, who is free, who talks to whom, and who must be called back",
    documentationURL,
  };
  const page = /** @type {{customCards?: object[], customStrategies?: object[]}} */ (window);
  (page.customCards ??= []).push({ type: CARD, name: "DLS Hosted PBX front desk", preview: true, ...shown });
  (page.customStrategies ??= []).push({ type: DASHBOARD, strategyType: "dashboard", name: "DLS Hosted PBX", ...shown });
}
