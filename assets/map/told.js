// What the server tells the map and the page as a whole: taken over in the moment in which its panels appear.
(function () {
  'use strict';
  const root = (window.yiping = window.yiping || {});
  const takers = (root.takers = root.takers || []);

  /** The component: shows nothing, hands on what it is told. */
  function Told({ data }) {
    React.useLayoutEffect(() => {
      if (data) for (const take of takers) take(data);
    }, [data]);
    return null;
  }

  root.Told = Told;
})();
