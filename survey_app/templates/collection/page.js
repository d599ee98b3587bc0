// On the pages after and beside the form: drafts that are out of date, or whose form is closed, leave the device.
(function () {
try {
  var store = window.localStorage, forget = document.body.getAttribute('data-forget');
  for (var i = store.length; i--;) {
    var key = store.key(i), value = /^(draft|done):/.test(key) && JSON.parse(store.getItem(key));
    if (value !== false && !(value && value.x > new Date()) || key === 'draft:' + forget) store.removeItem(key);
  }
  if (forget) window.sessionStorage.removeItem('draft:' + forget);
} catch (e) {}
})();
