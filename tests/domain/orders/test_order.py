from tests.support.records import order


def test_that_an_order_is_known_by_its_perm_id_whatever_its_other_ids() -> None:
    typed_by_hand = order(perm_id=2_400_000_001, order_id=0, client_id=0)
    bound_later = order(perm_id=2_400_000_001, order_id=-2, client_id=0)
    assert typed_by_hand.key == bound_later.key


def test_that_orders_without_perm_id_are_distinguished_by_client_and_order_id() -> None:
    assert order(perm_id=0, client_id=1).key != order(perm_id=0, client_id=2).key
    assert order(perm_id=0, order_id=1).key != order(perm_id=0, order_id=2).key


def test_that_an_inactive_order_is_not_done() -> None:
    assert not order(status="Inactive").is_done
    assert order(status="Filled").is_done
    assert order(status="ApiCancelled").is_done
    assert not order(status="a word TWS invents tomorrow").is_done
