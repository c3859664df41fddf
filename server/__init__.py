"""What watches the server: is it alive, is it ready, what has it done. Plain routes beside the screens, without figures of a client.

    routes ─► trusted   who may know more than whether it is up
          ├─► scrape    the text that Prometheus reads
          └─► stopping  told to stop, it lets running answers end
"""
