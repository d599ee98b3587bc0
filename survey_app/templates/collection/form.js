// The form's script: drafts, conditions, counting, sending. ES5: Chrome 64 and iOS 12 run it. Nothing here is needed
// to answer. Nothing is read from the form element by name: a question may be called "submit" or "action".
(function () {
var d = document, page = d.body, query = location.search;
var slug = page.getAttribute('data-slug'), mode = page.getAttribute('data-draft');
var ends = +new Date() + 1000 * page.getAttribute('data-left');
var local = mode && storage('localStorage'), drafts = mode === 'session' ? storage('sessionStorage') : local;
var draftKey = 'draft:' + slug, doneKey = 'done:' + slug, DAYS = 2592e5;
var token = one('[name=_token]'), code = $('i-_code'), cards = all('[data-id]');
var body = '', sending = false, waiting = 0, timer, view = null, typed = page.getAttribute('data-typed');

function $(id) { return d.getElementById(id); }
function one(selector) { return d.querySelector(selector); }
function all(selector) { return [].slice.call(d.querySelectorAll(selector)); }
function storage(name) { try { var s = window[name]; s.setItem('t', 1); s.removeItem('t'); return s; } catch (e) { return null; } }
function read(store, key) { try { return store && JSON.parse(store.getItem(key)); } catch (e) { return null; } }
function write(store, key, value) { try { store.setItem(key, JSON.stringify(value)); return true; } catch (e) { return false; } }
function on(target, type, act) { target.addEventListener(type, function (e) { if (d.body === page) act(e); }); }
function drop() { if (drafts) drafts.removeItem(draftKey); $('saved').hidden = true; }
function expiry() { return Math.min(+new Date() + DAYS, ends); }

// What is out of date leaves the device, whatever form it belongs to.
function sweep(store) {
  for (var i = store ? store.length : 0; i--;) {
    var key = store.key(i), value = /^(draft|done):/.test(key) && read(store, key);
    if (value === null || value && !(value.x > new Date())) store.removeItem(key);
  }
}

// Conditions: ["=", question, codes], "!=", ["#", question, number], "!", "&", "|".
function given(id) {
  var values = [];
  cards.forEach(function (card) {
    if (card.getAttribute('data-id') === id && !card.hidden) [].forEach.call(card.querySelectorAll('input:checked,input[type=hidden],[data-bands]'), function (input) { values = values.concat(codes(input)); });
  });
  return values;
}
// Of a number the code is its band, as on the server: where the last of those begins that are not above it.
function codes(input) {
  var bands = input.getAttribute('data-bands'), number = bands && parseFloat(input.value.normalize('NFKC'));
  return bands ? bands.split(' ').filter(function (start) { return start <= number; }).slice(-1) : [input.value];
}
function holds(c) {
  if (c[0] === '!') return !holds(c[1]);
  if (c[0] === '&') return c.slice(1).every(holds);
  if (c[0] === '|') return c.slice(1).some(holds);
  var values = given(c[1]), hit = c[0] !== '#' && values.some(function (value) { return c[2].indexOf(value) >= 0; });
  return c[0] === '#' ? values.length >= c[2] : values.length > 0 && hit === (c[0] === '=');
}
function unanswered(card) { return !card.hidden && card.getAttribute('data-need') && !given(card.getAttribute('data-id')).length; }

// A comment that was written stays in sight, whatever its condition says.
function look() {
  var count = 0;
  cards.forEach(function (card) {
    var condition = card.getAttribute('data-if'), text = card.querySelector('textarea');
    if (condition) {
      card.hidden = !holds(JSON.parse(condition)) && !(text && text.value);
      if (!text) [].forEach.call(card.querySelectorAll('input'), function (input) { input.disabled = card.hidden || !!body; });
    }
    if (text) room(text);
    if (!card.hidden && card.getAttribute('data-count')) count++;
  });
  $('total').textContent = count;
  $('next').hidden = !!body || !cards.some(unanswered);
}
function room(text) {
  var hint = $('n-' + text.name), left = text.getAttribute('data-max') - text.value.length;
  hint.textContent = hint.getAttribute(left < 0 ? 'data-over' : 'data-left').replace('#', Math.abs(left));
  hint.className = left < 0 ? 'why' : 'hint';
}

// Drafts. The submission id belongs to the answers: it is kept and used again with them.
function save() {
  var values = {};
  all('main input:checked,main textarea,.typed,#i-_code').forEach(function (input) { if (input.value) (values[input.name] = values[input.name] || []).push(input.value); });
  $('saved').hidden = !write(drafts, draftKey, {t: +new Date(), x: expiry(), k: token.value, v: values, b: body, q: page.getAttribute('data-query')}) || !!body;
}
function changed() { look(); if (mode === 'local') save(); }
function restore(draft) {
  token.value = draft.k;
  all('main input,main textarea').forEach(function (input) {
    var values = draft.v[input.name];
    if (/radio|checkbox/.test(input.type)) input.checked = !!values && values.indexOf(input.value) >= 0;
    else if (values && input.type !== 'hidden' && !(input === code && code.value)) input.value = values[0];
  });
  $('saved').hidden = false;
  look();
}
function sent() { var done = read(local, doneKey); return done && done.k.indexOf(token.value) >= 0; }

// Asked before anything else is shown: nobody sees another's answers, and nobody sends twice unawares.
function ask(kind, record) {
  if ((record.q || '') !== page.getAttribute('data-query')) { location.replace('/s/' + slug + (record.q ? '?' + record.q : '') + location.hash); return; }
  var when = new Date(record.t), two = function (n) { return (n < 10 ? '0' : '') + n; };
  var box = $('ask-' + kind);
  box.querySelector('.when').textContent = two(when.getMonth() + 1) + '-' + two(when.getDate()) + ' ' + two(when.getHours()) + ':' + two(when.getMinutes());
  box.hidden = false;
  page.className = 'asking';
  box.focus();
}
function answered(button) {
  var choice = button.getAttribute('data-do'), draft = read(drafts, draftKey);
  if (choice === 'close') { all('.ask-panel').forEach(function (box) { box.hidden = true; }); $('closing').hidden = false; return; }
  all('.ask-panel').forEach(function (box) { box.hidden = true; });
  page.className = '';
  if (choice === 'fresh') drop();
  if (draft && (choice === 'resume' || choice === 'resend')) {
    restore(draft);
    if (choice === 'resend') { body = draft.b; send(); }
  }
  window.scrollTo(0, 0);
}

// Sending. From the first try the answers are locked and sent again unchanged until there is a definite reply.
function encode(text) {
  try { return encodeURIComponent(text); } catch (e) { return encodeURIComponent(text.replace(/[\ud800-\udfff]/g, '')); }
}
function serialize() {
  return all('form input,form textarea').filter(function (input) {
    return !input.disabled && (input.checked || !/radio|checkbox/.test(input.type));
  }).map(function (input) { return encode(input.name) + '=' + encode(input.value); }).join('&');
}
function say(what) {
  var status = $('status');
  status.textContent = what ? status.getAttribute('data-' + what) : '';
  status.hidden = !what;
  $('again').hidden = what !== 'offline' && what !== 'busy';
  $('send').setAttribute('aria-disabled', what === 'sending');
}
function lock(on) {
  all('form input,form textarea,.views button').forEach(function (input) { input.disabled = on; });
  look();
}
function send() {
  clearTimeout(timer);
  if (sending) return;
  if (sent()) { location.replace(location.pathname + query); return; }
  var draft = read(drafts, draftKey);
  if (!body) body = draft && draft.k === token.value && draft.b || serialize();
  lock(true);
  if (drafts) save();
  sending = true;
  say('sending');
  var request = new XMLHttpRequest();
  request.open('POST', '/s/' + slug);
  request.setRequestHeader('Content-Type', 'application/x-www-form-urlencoded');
  request.timeout = 30000;
  request.onload = function () { sending = false; replied(request); };
  request.onerror = request.ontimeout = function () { sending = false; later('offline'); };
  request.send(body);
}
function later(why) {
  say(why);
  waiting = Math.min(waiting * 2 || 5, 60);
  timer = setTimeout(send, waiting * 1000 * (1 + Math.random()));
}
function replied(request) {
  var text = request.responseText, kind = (/<html[^>]* data-page="(\w+)"/.exec(text) || [])[1], done;
  if (request.status >= 500 || request.status < 400 && !kind) return later(request.status === 503 ? 'busy' : 'offline');
  body = '';
  if (kind === 'thanks') {
    done = read(local, doneKey) || {k: []};
    write(local, doneKey, {t: +new Date(), x: ends, k: [token.value].concat(done.k).slice(0, 5), q: page.getAttribute('data-query')});
    drop();
    history.replaceState(null, '', request.responseURL || '/s/' + slug + '/thanks');
  } else if (mode === 'local') save(); else drop();
  if (!kind || request.status === 413) { lock(false); say(request.status === 413 ? 'large' : 'refused'); return; }
  d.open();
  d.write(text);
  d.close();
}

var inHash = /^#([0-9A-Za-z]{6,13})(?![\w%])/.exec(location.hash), draft, done;
sweep(local);
sweep(drafts);
done = read(local, doneKey);
if (code && inHash && !code.value) code.value = inHash[1].replace(/(.{4})(?=.)/g, '$1 ');
all('[data-hint]').forEach(function (hint) { hint.hidden = true; });
all('textarea').forEach(function (text) { text.removeAttribute('maxlength'); });
draft = read(drafts, draftKey);
if (draft && done && done.k.indexOf(draft.k) >= 0) { drop(); draft = null; }
if (sent()) location.replace(location.pathname + query);
else if (!typed && draft) ask(draft.b ? 'unsent' : 'draft', draft);
else if (!typed && done && location.hash !== '#again') ask('done', done);
look();
if (typed && mode === 'local' && !(draft && draft.k !== token.value)) save();

on(d, 'change', changed);
on(d, 'input', function (e) {
  var field = e.target, option = field.placeholder && field.value && field.previousElementSibling.firstElementChild;
  if (field.className === 'typed' && option) option.checked = true;
  if (/^text/.test(field.type)) changed();
});
on(d, 'click', function (e) {
  var target = e.target;
  view = target.name === '_view' ? target : null;
  if (target.getAttribute && target.getAttribute('data-do')) answered(target);
  if (target.id === 'again') send();
  if (target.id === 'next') cards.some(function (card) { if (!unanswered(card)) return false; card.scrollIntoView(); card.querySelector('input').focus(); return true; });
  if (target.id === 'clear') {
    drop();
    all('main input').forEach(function (input) { input.checked = false; });
    all('textarea,.typed').forEach(function (text) { text.value = ''; });
    look();
  }
});
on(d, 'submit', function (e) { if (view && !body) return; e.preventDefault(); send(); });
on(window, 'online', function () { if (timer && body) send(); });
on(window, 'pageshow', function (e) { if (e.persisted && sent()) location.replace(location.pathname + query); else look(); });
if (page.getAttribute('data-resend')) { body = serialize(); later('busy'); }
if ($('error')) $('error').focus();
})();
