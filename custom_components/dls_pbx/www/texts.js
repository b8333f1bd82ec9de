/** What people read, in English and Spanish; "one|several" where a `{count}` decides, `{name}` for what varies. */

/** @import { Translate } from "./model-types.js" */

export const TEXTS = /** @type {const} @satisfies {Record<string, readonly [english: string, spanish: string]>} */ ({
  "card.name": ["DLS Hosted PBX front desk", "Recepción de DLS Hosted PBX"],
  "card.description": [
    "Who is waiting, who is free, who is talking to whom, and who must be called back",
    "Quién espera, quién está libre, quién habla con quién y a quién hay que devolver la llamada",
  ],

  "strip.title": ["At a glance", "De un vistazo"],
  "strip.waiting": ["Waiting", "En espera"],
  "strip.longest_wait": ["Longest wait", "Espera más larga"],
  "strip.free_agents": ["Agents free", "Agentes libres"],
  "strip.service_level": ["Service level today", "Nivel de servicio hoy"],
  "strip.goal": ["Goal {goal}%", "Objetivo {goal} %"],
  "level.ok": ["good", "bien"],
  "level.amber": ["needs attention", "requiere atención"],
  "level.red": ["urgent", "urgente"],
  "level.unknown": ["unknown", "desconocido"],

  "section.waiting": ["Waiting callers", "Llamantes en espera"],
  "section.agents": ["Agents", "Agentes"],
  "section.calls": ["Calls", "Llamadas"],
  "section.phones": ["Phones", "Teléfonos"],
  "section.missed": ["Missed calls", "Llamadas perdidas"],
  "section.sms": ["Text message", "Mensaje de texto"],

  "empty.waiting": ["Nobody is waiting", "Nadie está esperando"],
  "empty.agents": ["No agent is logged in", "No hay agentes conectados"],
  "empty.calls": ["Nobody is on the phone", "No hay llamadas en curso"],
  "empty.phones": ["There are no phones", "No hay teléfonos"],
  "empty.search": ["No phone matches “{search}”", "Ningún teléfono coincide con «{search}»"],
  "empty.missed": ["Nobody has to be called back", "No hay llamadas por devolver"],

  "state.ringing": ["Ringing", "Sonando"],
  "state.on_call": ["On a call", "En llamada"],
  "state.in_call": ["On a call", "En llamada"],
  "state.connected": ["On a call", "En llamada"],
  "state.available": ["Available", "Disponible"],
  "state.idle": ["Free", "Libre"],
  "state.paused": ["Paused", "En pausa"],
  "state.unreachable": ["Unreachable", "Ilocalizable"],
  "state.off": ["Off", "Apagado"],
  "state.unknown": ["Unknown", "Desconocido"],

  "agent.with": ["with {who}", "con {who}"],

  "call.inbound": ["Inbound", "Entrante"],
  "call.outbound": ["Outbound", "Saliente"],
  "call.internal": ["Internal", "Interna"],
  "call.pair": ["{from} to {to}", "De {from} a {to}"],

  "phone.search": ["Search by name or extension", "Buscar por nombre o extensión"],
  "phone.found": ["{count} phone|{count} phones", "{count} teléfono|{count} teléfonos"],
  "phone.voicemail": [
    "{count} new voicemail|{count} new voicemails",
    "{count} mensaje de voz nuevo|{count} mensajes de voz nuevos",
  ],

  "missed.calls": ["{count} call|{count} calls", "{count} llamada|{count} llamadas"],
  "missed.voicemail": ["left a voicemail", "dejó un mensaje de voz"],
  "missed.last": ["last: {time}", "última: {time}"],

  "row.label": ["{name}, {state}", "{name}, {state}"],
  "row.someone": ["Unknown number", "Número desconocido"],
  "row.waited": ["Waiting for {time}", "Esperando desde hace {time}"],

  "do.call": ["Call", "Llamar"],
  "do.call_whom": ["Call {name} back", "Devolver la llamada a {name}"],
  "do.text": ["Text", "Mensaje"],
  "do.text_whom": ["Text {name}", "Enviar un mensaje a {name}"],
  "do.send": ["Send", "Enviar"],
  "do.clear": ["Clear", "Borrar"],

  "sms.recipient": ["To (number or extension)", "Para (número o extensión)"],
  "sms.message": ["Message", "Mensaje"],
  "sms.count": ["{count} of {limit}", "{count} de {limit}"],
  "sms.over": [
    "{count} character too many|{count} characters too many",
    "Sobra {count} carácter|Sobran {count} caracteres",
  ],
  "sms.no_recipient": ["Enter a number or an extension.", "Escriba un número o una extensión."],
  "sms.no_message": ["Write a message.", "Escriba un mensaje."],
  "sms.sending": ["Sending…", "Enviando…"],
  "sms.sent": ["Sent to {recipient}.", "Enviado a {recipient}."],
  "sms.unsure": [
    "The connection was lost while sending. The message may have been sent: look before you send it again.",
    "Se perdió la conexión durante el envío. Es posible que el mensaje se haya enviado: compruébelo antes de repetirlo.",
  ],

  "band.connecting": ["Connecting…", "Conectando…"],
  "band.stale": ["No connection since {time}", "Sin conexión. Última actualización: {time}"],
  "band.refused": ["This card gets no data: {reason}", "Esta tarjeta no recibe datos: {reason}"],
  "band.not_found": [
    "This PBX is not set up, or is not running. The card keeps trying.",
    "Esta centralita no está configurada o no está en marcha. La tarjeta lo sigue intentando.",
  ],
  "band.unauthorized": ["You may not see this PBX.", "No tiene permiso para ver esta centralita."],
  "band.trouble": ["{name}: no answer since {time}", "{name}: sin respuesta. Última: {time}"],
  "band.trouble_never": ["{name}: no answer", "{name}: sin respuesta"],

  "config.invalid": [
    "The option {option} has a value that means nothing.",
    "El valor de la opción {option} no es válido.",
  ],
  "config.order": ["An amber threshold must not lie above its red one.", "Un umbral ámbar no debe superar al rojo."],

  "view.overview": ["Front desk", "Recepción"],
  "view.queues": ["Queues", "Colas"],
  "view.callbacks": ["Callbacks", "Llamadas por devolver"],
  "view.messages": ["Messages", "Mensajes"],
  "view.faxes": ["Faxes", "Faxes"],
  "view.now": ["Now", "Ahora"],
  "view.today": ["Today", "Hoy"],
  "view.graphs": ["Last 12 hours", "Últimas 12 horas"],
  "view.history": ["History", "Historial"],
  "view.days": ["Calls by day", "Llamadas por día"],
  "view.talk": ["Talk time by day", "Tiempo de conversación por día"],
  "view.events": ["What happened", "Qué ha ocurrido"],
  "view.nothing": [
    "There is no PBX to show: none is set up, or you may not see it.",
    "No hay ninguna centralita que mostrar: no está configurada o no tiene permiso para verla.",
  ],
  "figure.calls": ["Calls", "Llamadas"],
  "figure.missed_calls": ["Missed calls", "Llamadas perdidas"],
  "figure.abandoned_calls": ["Abandoned calls", "Llamadas abandonadas"],
  "figure.talk_time": ["Talk time", "Tiempo de conversación"],

  "editor.config_entry_id": ["PBX", "Centralita"],
  "editor.title": ["Title", "Título"],
  "editor.queues": ["Queues (none: all)", "Colas (ninguna: todas)"],
  "editor.sections": ["Sections", "Secciones"],
  "editor.wait_amber": ["Wait: amber from", "Espera: ámbar desde"],
  "editor.wait_red": ["Wait: red from", "Espera: rojo desde"],
  "editor.waiting_amber": ["Callers waiting: amber from", "Llamantes en espera: ámbar desde"],
  "editor.waiting_red": ["Callers waiting: red from", "Llamantes en espera: rojo desde"],
  "editor.service_level_red": ["Service level: red below", "Nivel de servicio: rojo por debajo de"],
  "editor.service_level_red_help": [
    "Empty: 20 points below the queue's goal",
    "Vacío: 20 puntos por debajo del objetivo de la cola",
  ],
});

/** @type {Map<string, Translate>} */
const known = new Map();

/**
 * The texts of a language; of one that we do not have, English.
 * @param {string} language as Home Assistant names it: "es", "es-419", "en-GB"
 * @returns {Translate} numbers among the placeholders are written as people write them there; `count` chooses the plural
 */
export function texts(language) {
  let translate = known.get(language);
  if (!translate) known.set(language, (translate = translation(language)));
  return translate;
}

/** @type {(language: string) => Translate} */
function translation(language) {
  const spanish = /^es\b/i.test(language);
  const tag = spanish || /^en\b/i.test(language) ? language : "en";
  const plurals = new Intl.PluralRules(tag);
  const numbers = new Intl.NumberFormat(tag, { maximumFractionDigits: 0 });
  return (key, placeholders = {}) => {
    const [one, several = one] = TEXTS[key][Number(spanish)].split("|");
    const text = plurals.select(Number(placeholders.count)) === "one" ? one : several;
    return text.replace(/\{(\w+)\}/g, (whole, name) => {
      const value = placeholders[name] ?? whole;
      return typeof value === "number" ? numbers.format(value) : value;
    });
  };
}
