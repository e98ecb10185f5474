document.querySelector('main').textContent = 'cosdiag';
