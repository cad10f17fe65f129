def test_x() -> None:
    import viprules_tutorial
