def map_page(archive, frame, title, query, rows): return ""
