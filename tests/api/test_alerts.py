"""``GET alerts`` and the alerts in the stream, over a real socket with simulated servers behind it."""

from psf_monitor.domain.alerts.alert import Alert, AlertKind, Direction
from psf_monitor.sim.demo import Gateways
from tests.api.client import ApiClient, reading
from tests.support.waiting import until


def an_alert(figure: float) -> Alert:
    return Alert(0, AlertKind.PRICE, "CIM PRB", "last", Direction.UP, figure)


async def test_that_an_alert_is_reported_in_the_stream_once_with_the_price_that_hammer_sent(
    api: ApiClient, gateways: Gateways
) -> None:
    set_one = api.source.alerts.add(an_alert(24.57))
    async with reading(api) as events:
        await events.next()
        assert events.state["alerts"] == {}
        gateways.market.trade("CIM PRB", 24.58, 300)
        await events.until(lambda: events.state["alerts"])
        (record,) = events.state["alerts"].values()
    assert (record["alert"], record["symbol"], record["seen"]) == (set_one.alert_id, "CIM PRB", 24.58)
    assert record["text"] == "CIM PRB last crossed 24.57 upward, seen 24.58"
    body = (await api.get("alerts")).json()
    assert body["fired"] == [record]
    reported = next(each for each in body["alerts"] if each["alert"] == set_one.alert_id)
    assert (reported["armed"], reported["now"], reported["fired"]) == (False, 24.58, record)


async def test_that_the_state_of_each_alert_is_reported(api: ApiClient) -> None:
    api.source.alerts.add(an_alert(24.6))
    body = (await api.get("alerts")).json()
    default, own = body["alerts"]
    assert default["condition"] == "order filled"
    assert (own["condition"], own["now"], own["away"]) == ("last crosses 24.60 upward", 24.55, 0.05)
    assert (own["armed"], own["waits_for"], own["fired"], body["muted_until"]) == (True, None, None, None)
    api.source.alerts.mute(is_wanted=True)
    assert (await api.get("alerts")).json()["muted_until"] is not None


async def test_that_an_alert_that_waits_names_for_what(api: ApiClient) -> None:
    api.source.alerts.add(an_alert(24.6))
    api.source.book.quotes_frozen(api.source.clock())
    (_default, own) = (await api.get("alerts")).json()["alerts"]
    assert (own["now"], own["waits_for"]) == (None, "quotes frozen")
    await until(lambda: api.source.alerts.alerts)
