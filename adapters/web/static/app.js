// What the browser room does beyond plain pages: local times, counted letters, kept words, kept focus.
(() => {
  "use strict";

  const PARTS = ["board", "answer", "mine", "next", "recap", "thread", "reply", "deal", "recaps"];

  const LEAD_TO_MINE = ["board", "answer", "next", "deal"];

  const find = (selector, within = document) => within.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const byId = (id) => document.getElementById(id);

  // --- Moments, in the reader's own zone ---------------------------------------------------

  const yourTime = document.body.dataset.yourTime;
  const clock = new Intl.DateTimeFormat(document.documentElement.lang, {
    weekday: "long",
    day: "numeric",
    month: "long",
    hour: "2-digit",
    minute: "2-digit",
  });

  function showLocalTimes(within) {
    if (!yourTime) return;
    for (const time of all("time.when", within)) {
      time.textContent = yourTime.replace("#", () => clock.format(new Date(time.dateTime)));
    }
  }

  // --- How much room is left in a field ----------------------------------------------------

  const letters = (text) => [...text.replace(/\r\n?/g, "\n")].length;

  function count(field) {
    const left = all("[data-left-of]").find((each) => each.dataset.leftOf === field.id);
    if (!left) return;
    const rest = Number(field.dataset.limit) - letters(field.value);
    const silent = rest >= 0 && field.tagName !== "TEXTAREA"; // a line is short: only too much is worth a word
    left.textContent = silent ? "" : (rest < 0 ? field.dataset.over : field.dataset.left).replace("#", Math.abs(rest));
    left.classList.toggle("over", rest < 0);
  }

  let pause = 0;
  document.addEventListener("input", (event) => {
    if (!event.target.dataset.limit) return;
    // After a pause, so that a screen reader is not interrupted at each letter.
    clearTimeout(pause);
    pause = setTimeout(count, 500, event.target);
  });

  // --- The invitation ----------------------------------------------------------------------

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    await navigator.clipboard.writeText(byId(button.dataset.copy).value);
    button.textContent = button.dataset.done;
  });

  function prepare(within) {
    showLocalTimes(within);
    for (const field of all("[data-limit]", within)) if (field.value) count(field);
    for (const button of all("[data-copy]", within)) button.hidden = !navigator.clipboard;
  }

  // --- What is being written stays -----------------------------------------------------------

  function isChanged(field) {
    if (field.type === "radio" || field.type === "checkbox") return field.checked !== field.defaultChecked;
    if (field.tagName !== "SELECT") return field.value !== field.defaultValue;
    const first = all("option", field).find((option) => option.defaultSelected) ?? field.options[0];
    return field.value !== first?.value;
  }

  const fields = (form) => all("input:not([type=hidden]), textarea, select", form);
  const isBeingWritten = (form) =>
    fields(form).some((field) => isChanged(field) || field === document.activeElement);

  // Words that came back from us, to be looked at again or changed: they are nowhere else.
  const filled = (selector, form) => all(selector, form).some((field) => field.value.trim());
  const holdsProblems = (form) => find("[aria-invalid]", form) && filled("textarea, input[type=text]", form);
  const holdsWords = (form) => filled("textarea", form) || holdsProblems(form);

  // As the server sent it: without what differs in each answer, and without what is done here.
  function plain(element) {
    const copy = element.cloneNode(true);
    for (const each of all("input[type=hidden]", copy)) each.remove();
    for (const each of all("time.when, .left", copy)) each.replaceChildren();
    for (const each of all("[class]", copy)) {
      each.classList.remove("htmx-request", "htmx-added", "htmx-settling", "htmx-swapping", "over");
      if (!each.className.length) each.removeAttribute("class");
    }
    return copy.innerHTML.replace(/\s+/g, " ").trim();
  }

  let press = null; // what was sent last by this page, until it is answered

  document.addEventListener("htmx:oobBeforeSwap", (event) => {
    const { target, fragment } = event.detail;
    const incoming = find(`#${target.id}`, fragment) ?? fragment;
    const shell = document.createElement("div");
    shell.append(...[...incoming.childNodes].map((node) => node.cloneNode(true)));
    // Nothing new: leave it, or whoever is reading there loses their place. But a form that was
    // sent needs a new name for its next press, or that one would count as a repetition.
    const said = press && target.id === "answer"; // the same answer twice is still two answers
    if (!said && plain(shell) === plain(target)) {
      event.detail.shouldSwap = false;
      if (press) all("[name=event]", target).forEach((each, at) => (each.value = all("[name=event]", incoming)[at].value));
      // Sent and taken: what was written there is elsewhere now. What to deal may be asked for again.
      if (press && target.id !== "deal" && target.contains(press.form)) {
        press.form.reset();
        for (const field of all("[data-limit]", press.form)) count(field);
      }
      return;
    }
    const holds = press ? holdsProblems : holdsWords;
    const written = all("[data-form]", target).filter(
      (form) => form !== press?.form && (isBeingWritten(form) || holds(form)),
    );
    if (!written.length) return;
    if (!press) {
      event.detail.shouldSwap = false; // somebody else changed something: that can wait
      return;
    }
    for (const form of written) {
      const twin = all("[data-form]", incoming).find((each) => each.dataset.form === form.dataset.form);
      if (twin) twin.replaceWith(form);
      else if (target.id === "deal") continue; // a card was dealt: there is nothing to choose any more
      else incoming.append(form);
      incoming.hidden = false;
    }
  });

  // --- The focus stays, or goes to what is new -----------------------------------------------

  const partOf = (element) => PARTS.map(byId).find((part) => part?.contains(element))?.id;
  const questions = () => all("#mine [data-form]").map((form) => form.dataset.form);

  function place() {
    const element = document.activeElement;
    return { element, part: partOf(element), id: element.id, value: element.value, button: element.tagName === "BUTTON" };
  }

  function goBack(before) {
    const { element, part, id, value, button } = before;
    if (element === document.body || (element.isConnected && document.activeElement === element)) return true;
    const twins = button && part ? all("button", byId(part)) : [];
    const same = id ? byId(id) : twins.find((each) => each.value === value && !each.form?.dataset.form);
    same?.focus({ preventScroll: true });
    return Boolean(same);
  }

  function goTo(element) {
    if (!element) return;
    if (!element.hasAttribute("tabindex")) element.tabIndex = -1;
    element.focus();
  }

  const inView = (element) => {
    const box = element.getBoundingClientRect();
    return box.top >= 0 && box.bottom <= window.innerHeight;
  };

  function goOn(before) {
    const problem = find("[data-focus]");
    if (problem) return goTo(problem);
    const opened = all("#mine [data-form]").find((form) => !press.questions.includes(form.dataset.form));
    if (opened) return goTo(find("[data-focus-form]", opened));
    const answer = byId("answer");
    const news = answer.innerHTML !== press.answer && answer.textContent.trim();
    if (news && !inView(answer)) return goTo(byId("mine-h"));
    // Pressed elsewhere, and answered with what now stands in a person's own part.
    if (!news && LEAD_TO_MINE.includes(before.part)) return goTo(find("#mine .heading") || byId("mine-h"));
    if (goBack(before)) return undefined;
    const part = byId(before.part);
    const visible = part && !part.hidden;
    return goTo((visible && find("h2, .heading", part)) || byId("mine-h"));
  }

  // The answer to a press brings the whole room. Looking again meanwhile would take away the form
  // that was sent, and with it the way to its answer: that can wait.
  let missed = false;
  let before = null;
  document.addEventListener("htmx:beforeRequest", (event) => {
    const form = event.detail.requestConfig.elt;
    if (form.tagName !== "FORM") {
      if (!press) return;
      missed = true;
      event.preventDefault();
      return;
    }
    press = { form, questions: questions(), answer: byId("answer").innerHTML };
  });

  document.addEventListener("htmx:beforeSwap", (event) => {
    if (press && event.detail.requestConfig.elt.tagName !== "FORM") {
      missed = true;
      event.detail.shouldSwap = false;
      return;
    }
    before = place();
  });

  document.addEventListener("htmx:afterRequest", (event) => {
    const own = event.detail.requestConfig.elt.tagName === "FORM";
    if (event.detail.successful && before) own && press ? goOn(before) : goBack(before);
    if (own) {
      byId("press-lost").hidden = event.detail.successful;
      press = null;
    }
    before = null;
    if (missed && !press) {
      missed = false;
      htmx.trigger("#now", "again");
    }
  });

  // --- Live updates: lost, and found again -----------------------------------------------------

  let lost = 0;
  document.addEventListener("htmx:sseError", () => {
    lost ||= setTimeout(() => (byId("live-lost").hidden = false), 5000);
  });
  document.addEventListener("htmx:sseOpen", () => {
    if (!lost) return;
    clearTimeout(lost);
    lost = 0;
    byId("live-lost").hidden = true;
    htmx.trigger("#now", "again");
  });

  document.addEventListener("htmx:load", (event) => prepare(event.detail.elt));
  prepare(document);
})();
