// The page around the question box: the log of questions and answers, and the source drawer.
//
// The question box and its buttons are Gradio's; their answers arrive as JSON text in one
// hidden element, the channel. Gradio's own HTML component and its JavaScript hooks compile
// code at run time, which our Content-Security-Policy forbids, so everything here listens
// from outside. Nothing is kept in the browser.
/* global SHELL */
(() => {
  "use strict";
  const LOST =
    "The connection to the assistant was lost. Check that it is running, then reload the page. " +
    "Your question is in the box: copy it first.";
  const RELOAD = "The connection was lost: reload the page to ask again. Copy your question first.";
  const SLOW = "The answer is taking longer than usual. You can wait, or start a new conversation.";
  const BUSY = "One question at a time: the answer to the last one is on its way.";
  const EMPTY = "Type a question first.";
  const CLEAR_LATER = "An answer is on its way. Clear the patient when it is here.";
  const PATIENT_CLEARED = "Patient cleared.";
  const CHECK_EVERY_MS = 4000;
  const SLOW_AFTER_MS = 60000;

  // {question, turn (element), again, draft, since, misses}; again: the full answer of a turn that
  // has a card already; draft: what stood in the box while another question was asked.
  let pending = null;
  let draft = "";
  let count = 0;
  let opener = null;
  let lost = false; // Gradio's client sends nothing more after a failed request

  const find = (selector) => document.querySelector(selector);
  const box = () => find("#question textarea");
  const say = (text) => {
    const region = find("#announce");
    region.textContent = "";
    setTimeout(() => { region.textContent = text; }, 50);
  };
  // On a phone, focus would raise the keyboard over the answer.
  const focusBox = () => { if (matchMedia("(pointer: fine)").matches) box().focus(); };
  const element = (tag, className, text) => {
    const made = document.createElement(tag);
    if (className) made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  };
  const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
  const show = (target) =>
    target.scrollIntoView({ block: "start", behavior: calm() ? "auto" : "smooth" });

  // ------------------------------------------------------------------ asking

  function addTurn(question) {
    count += 1;
    const turn = element("section", "turn");
    const title = element("h2", "question", question);
    title.id = `turn-${count}-title`;
    title.prepend(element("span", "unseen", "You asked: "));
    turn.dataset.question = question;
    turn.setAttribute("aria-labelledby", title.id);
    turn.append(title);
    find("#log").append(turn);
    find("#empty").hidden = true;
    return turn;
  }

  function acknowledge(question, again = null) {
    const turn = again || addTurn(question);
    const status = element("p", "status");
    status.append(element("span", "dots"), element("span", "status-text", "Searching the library…"));
    turn.querySelector(".question").after(status);
    find("#log").setAttribute("aria-busy", "true");
    pending = { question, turn, again: Boolean(again), draft, since: Date.now(), misses: 0 };
    draft = "";
    hint("");
    say("Searching the library.");
    show(turn);
  }

  function hint(text) {
    let line = find("#hint");
    if (!line) {
      line = element("p");
      line.id = "hint";
      line.setAttribute("role", "status");
      find("#composer").append(line);
    }
    line.textContent = text;
  }

  function isFree() {
    if (pending) hint(BUSY);
    else if (lost) hint(RELOAD);
    return !pending && !lost;
  }

  // Runs before Gradio sees the event. False: the event goes no further.
  function mayAsk() {
    const text = box().value.trim();
    if (!isFree()) return false;
    if (!text) { hint(EMPTY); box().focus(); return false; }
    acknowledge(text);
    return true;
  }

  function stop(event) {
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  function write(text) {
    const area = box();
    area.value = text;
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }

  // An example or a follow-up goes through the box; what was being typed there comes back.
  function askChip(text) {
    if (!isFree()) return;
    draft = box().value.trim() ? box().value : "";
    write(text);
    focusBox();
    // Gradio takes the new text over before the next frame.
    requestAnimationFrame(() => requestAnimationFrame(() => find("#ask").click()));
  }

  // The question of a turn once more: its card is replaced when the full answer is here.
  function askInFull(button) {
    if (!isFree()) return;
    button.disabled = true;
    const turn = button.closest(".turn");
    acknowledge(turn.dataset.question, turn);
    find("#again").click();
  }

  document.addEventListener("keydown", (event) => {
    const inBox = event.target instanceof Element && event.target.closest("#question");
    if (!inBox || event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    if (!mayAsk()) stop(event);
  }, true);

  document.addEventListener("click", (event) => {
    if (!(event.target instanceof Element)) return;
    if (event.target.closest("#ask") && !mayAsk()) stop(event);
    if (event.target.closest("#clear-patient") && (pending || lost)) {
      hint(pending ? CLEAR_LATER : RELOAD);
      stop(event);
    }
    const chip = event.target.closest(".example");
    if (chip) askChip(chip.textContent);
    const full = event.target.closest(".full");
    if (full) askInFull(full);
    const skip = event.target.closest("[data-skip]");
    if (skip) {
      event.preventDefault();
      const cards = document.querySelectorAll(".card");
      const target = skip.dataset.skip === "answer" ? cards[cards.length - 1] || find("#log") : box();
      target.focus();
      if (skip.dataset.skip === "answer") show(target);
    }
    const cite = event.target.closest(".cite");
    if (cite) openSource(cite);
    if (event.target.closest("#drawer .close")) find("#drawer").close();
  }, true);

  // ------------------------------------------------------------------ answers

  function receive(message) {
    if (message.kind === "cleared") return clear();
    if (message.kind === "patient cleared") return patientCleared();
    if (message.kind === "status") {
      const line = pending && pending.turn.querySelector(".status-text");
      if (line) { line.textContent = message.say; say(message.say); }
      return undefined;
    }
    const { question, turn, again, draft: typed } = pending ||
      { question: message.question, turn: addTurn(message.question) };
    const failed = message.kind === "error";
    const holder = document.createElement("template");
    holder.innerHTML = message.html; // cleaned on the server
    const card = holder.content.querySelector(".card");
    settle(turn, card, again && failed);
    // What was typed is not lost: it goes back into the box, after Gradio has emptied it.
    const back = typed || (failed && !again ? question : "");
    if (back) setTimeout(() => { if (!box().value) write(back); }, 150);
    say(message.say);
    // The button that asked for the full answer has gone with its card.
    if (again && document.activeElement === document.body) card.focus({ preventScroll: true });
    return show(again && failed ? card : turn);
  }

  // ``keeps``: the card that was read stays, and the new one is put after it.
  function settle(turn, card, keeps) {
    for (const old of turn.querySelectorAll(".status, .card.alert")) old.remove();
    for (const old of turn.querySelectorAll(".card")) if (!keeps) old.remove();
    for (const button of turn.querySelectorAll(".full")) button.disabled = false;
    turn.insertBefore(card, turn.querySelector(".mark-patient"));
    card.setAttribute("aria-labelledby", turn.getAttribute("aria-labelledby"));
    find("#log").setAttribute("aria-busy", "false");
    pending = null;
  }

  // Seen in the conversation, and said once: the log itself is not live.
  function patientCleared() {
    const turns = document.querySelectorAll(".turn");
    const last = turns[turns.length - 1];
    if (last && !last.querySelector(".mark-patient")) {
      last.append(element("p", "mark-patient", PATIENT_CLEARED));
    }
    hint("");
    say(PATIENT_CLEARED);
  }

  function clear() {
    pending = null;
    find("#log").replaceChildren();
    find("#log").setAttribute("aria-busy", "false");
    find("#empty").hidden = false;
    if (find("#drawer").open) find("#drawer").close();
    hint("");
    say("New conversation.");
    write("");
    focusBox();
    scrollTo({ top: 0 });
  }

  function failed(sentence) {
    const { turn, question, again, draft: typed } = pending;
    const card = element("article", "card alert");
    card.tabIndex = -1;
    const line = element("p");
    line.append(element("strong", "", "This question could not be answered."), ` ${sentence}`);
    const reload = element("button", "reload", "Reload the page");
    reload.type = "button";
    reload.addEventListener("click", () => location.reload());
    card.append(line, reload);
    lost = true;
    settle(turn, card, again);
    if (!box().value) write(typed || question);
    say(`This question could not be answered. ${sentence}`);
  }

  // While an answer is awaited: is the server still there, and is it taking long?
  setInterval(async () => {
    if (!pending || Date.now() - pending.since < CHECK_EVERY_MS) return;
    const asked = pending;
    try {
      await fetch("healthz", { cache: "no-store" });
      asked.misses = 0;
    } catch {
      asked.misses += 1;
    }
    if (pending !== asked) return;
    if (asked.misses >= 2) failed(LOST);
    else if (Date.now() - asked.since > SLOW_AFTER_MS) {
      const line = asked.turn.querySelector(".status-text");
      if (line.textContent !== SLOW) { line.textContent = SLOW; say(SLOW); }
    }
  }, CHECK_EVERY_MS);

  // ------------------------------------------------------------------ the drawer

  function openSource(cite) {
    const stored = document.getElementById(cite.dataset.source);
    const drawer = find("#drawer");
    if (!stored || drawer.open) return;
    const shown = stored.cloneNode(true);
    shown.removeAttribute("id");
    const title = shown.querySelector(".source-title");
    title.id = "drawer-title";
    const number = shown.querySelector(".source-number");
    drawer.querySelector(".drawer-kicker").textContent = number.textContent;
    number.remove();
    drawer.querySelector(".drawer-body").replaceChildren(shown);
    opener = cite;
    cite.classList.add("open");
    drawer.showModal();
    drawer.scrollTop = 0;
    title.focus();
  }

  function wireDrawer() {
    const drawer = find("#drawer");
    drawer.addEventListener("close", () => {
      if (!opener) return;
      opener.classList.remove("open");
      if (opener.isConnected) opener.focus({ preventScroll: true });
      opener = null;
    });
    // A click beside the drawer closes it; on another citation it opens that one.
    drawer.addEventListener("click", (event) => {
      if (event.target !== drawer) return;
      drawer.close();
      const under = document.elementFromPoint(event.clientX, event.clientY);
      const next = under && under.closest(".cite");
      if (next) setTimeout(() => openSource(next), 0);
    });
  }

  // ------------------------------------------------------------------ start

  function listen(channel) {
    let last = "";
    const read = () => {
      const line = channel.querySelector("pre");
      const text = line ? line.textContent : "";
      if (!text || text === last) return;
      last = text;
      receive(JSON.parse(text));
    };
    new MutationObserver(read).observe(channel, {
      childList: true, characterData: true, subtree: true,
    });
  }

  function start() {
    const frame = document.createElement("template");
    frame.innerHTML = SHELL; // the server puts it in front of this script
    document.body.prepend(frame.content);
    wireDrawer();
    // What is folded away belongs on paper too.
    addEventListener("beforeprint", () => {
      for (const folded of document.querySelectorAll(".card details")) folded.open = true;
    });
    const wait = setInterval(() => {
      const channel = find("#channel");
      if (!channel || !box() || !find("#length input")) return;
      clearInterval(wait);
      listen(channel);
      // Gradio's frame is the landmark of the question box; ours is the main one.
      const landmark = find("gradio-app main");
      landmark.setAttribute("role", "form");
      landmark.setAttribute("aria-label", "Ask a question");
      // Gradio gives each of its radio buttons a name of its own: no group, no arrow keys.
      const length = find("#length");
      length.setAttribute("aria-label", length.querySelector("span").textContent.trim());
      for (const choice of length.querySelectorAll("input")) choice.name = "length";
      document.documentElement.classList.add("ready");
      focusBox();
    }, 30);
  }

  start();
})();
