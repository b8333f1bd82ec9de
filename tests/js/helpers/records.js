/** Records of a made-up office. */

/** @import { LoggedCall } from "../../../custom_components/dls_pbx/front_desk/www/data/records-types.js" */
/** @import { Locale } from "../../../custom_components/dls_pbx/front_desk/www/ui/home-assistant-types.js" */

export const NOON = Date.parse("2026-11-24T12:00:00Z");

/** Of a user who wants Home Assistant's zone, or the browser's. @type {(name?: string) => {locale: Locale, config: {time_zone: string}}} */
export const zone = (name = "UTC") => ({
  locale: { language: "en", time_format: "24", time_zone: name === "local" ? "local" : "server" },
  config: { time_zone: name },
});

/** @type {(fields?: Partial<LoggedCall>) => LoggedCall} */
export const call = (fields) => ({
  id: "1",
  time: "2026-11-24T12:00:00+00:00",
  direction: "inbound",
  outcome: "answered",
  number: "(815) 555-0123",
  tel: "+18155550123",
  name: null,
  vip: false,
  own_number: "(847) 555-0100",
  extension: "630",
  agent: "Tom",
  queues: [],
  wait: 5,
  duration: 60,
  recording: null,
  ...fields,
});
